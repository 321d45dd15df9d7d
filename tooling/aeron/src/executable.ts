import { execFile } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The environment variables of a process, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a finished command left. */
export interface CommandResult {
  /** Exit code; undefined when it did not start or was ended by a signal. */
  readonly code: number | undefined
  /** Standard output followed by standard error. */
  readonly output: string
}

/** True when `path` is a file that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** The first `name` on the PATH of `environment`, or undefined. */
export function findOnPath(name: string, environment: Environment): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** Runs a short command to its end; a failure is a result. */
export async function runCommand(
  path: string,
  args: readonly string[],
  options: { readonly environment: Environment; readonly timeoutMs: number },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      path,
      [...args],
      { env: options.environment, timeout: options.timeoutMs, killSignal: 'SIGKILL' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : undefined
        resolve({ code, output: stdout + stderr })
      },
    )
  })
}
