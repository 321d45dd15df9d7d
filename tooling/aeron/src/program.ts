import { join } from 'node:path'
import type { Environment } from './executable.ts'
import { JavaProcess } from './java-process.ts'
import { JavaProgram } from './java-program.ts'
import { RunDirectory } from './run-directory.ts'

/** Options of {@link launchProgram}. */
export interface LaunchProgramOptions {
  /** For messages and the log. */
  readonly name: string
  readonly args?: readonly string[] | undefined
  /** What the program sees. @default process.env */
  readonly environment?: Environment | undefined
  /** True to be able to `write` to its standard input, which is empty otherwise. @default false */
  readonly input?: boolean | undefined
}

/**
 * Starts an executable that is not Java with the same care: a log of its own, ended with this process at the latest.
 *
 * @throws {AeronToolingError} JAVA_MISSING when it cannot be started.
 */
export async function launchProgram(path: string, options: LaunchProgramOptions): Promise<JavaProgram> {
  const { name, args = [], environment = process.env, input = false } = options
  const runDirectory = RunDirectory.create(name)
  try {
    const logPath = join(runDirectory.path, `${name}.log`)
    const command = { name, java: path, args, logPath, environment, input }
    return new JavaProgram(await JavaProcess.start(command), runDirectory)
  } catch (error) {
    runDirectory.remove()
    throw error
  }
}
