import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { aeronJar, findJava } from '@x/aeron-tooling'
import { BenchError } from '../bench-error.ts'

/** As a server runs: its own choice of compilers, and a heap that does not grow while it is measured. */
export const JVM_FLAGS: readonly string[] = ['-Xms256m', '-Xmx256m', '-XX:+UseParallelGC', '-XX:-UsePerfData']

/** Compiles our Java programs against Aeron's jar. */
export async function buildJavaPrograms(sourceFolder: string, outputFolder: string): Promise<void> {
  const javac = join(dirname((await findJava()).path), 'javac')
  const sources = readdirSync(sourceFolder).map((name) => join(sourceFolder, name))
  try {
    execFileSync(javac, ['-nowarn', '-cp', await aeronJar(), '-d', outputFolder, ...sources], {
      stdio: 'pipe',
    })
  } catch (error) {
    const { stderr } = error as { stderr?: Buffer }
    throw new BenchError(
      `Cannot compile the Java programs: javac must be there and succeed; ${String(stderr ?? error)}`,
      { cause: error },
    )
  }
}

/** The class of a program: ThroughputPublisher for throughput-publisher. */
export function javaClassName(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())
}
