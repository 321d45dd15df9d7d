import { type JavaProgram, launchJava } from '@x/aeron-tooling'
import { fileURLToPath } from 'node:url'
import { compileJava } from '../java/compile-java.ts'
import type { PublisherPlan } from './campaign-plan.ts'

const SOURCE = fileURLToPath(new URL('CampaignPublisher.java', import.meta.url))

/** Compiles the Java publisher into a folder. @throws Error with the compiler's output, or when the JDK has no compiler */
export function compileJavaPublisher(folder: string): Promise<void> {
  return compileJava(SOURCE, folder)
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
