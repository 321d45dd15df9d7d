import { aeronJar, findJava, type JavaProgram, launchJava } from '@x/aeron-tooling'
import { execFile } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { PublisherPlan } from './campaign-plan.ts'

const SOURCE = fileURLToPath(new URL('CampaignPublisher.java', import.meta.url))

/** Compiles the Java publisher into a folder. @throws Error with the compiler's output, or when the JDK has no compiler */
export async function compileJavaPublisher(folder: string): Promise<void> {
  const compiler = join(dirname((await findJava()).path), 'javac')
  await promisify(execFile)(compiler, ['-cp', await aeronJar(), '-d', folder, SOURCE])
}

/** Starts a publisher that uses Aeron's own client. */
export async function launchJavaPublisher(classPath: string, plan: PublisherPlan): Promise<JavaProgram> {
  const { aeronDirectory, channel, streamId, publisher, count, ending } = plan
  return launchJava('CampaignPublisher', {
    classPath: [classPath],
    args: [aeronDirectory, channel, streamId, publisher, count, ending].map(String),
    name: `java-publisher-${publisher}`,
  })
}
