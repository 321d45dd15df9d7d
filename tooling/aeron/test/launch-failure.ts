import { rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { onTestFinished } from 'vitest'
import { AeronToolingError } from '../src/index.ts'

/** The error of a launch that is meant to fail, and the log that it left, which is removed after the test. */
export async function launchFailure(
  launch: Promise<unknown>,
): Promise<{ readonly error: AeronToolingError; readonly logPath: string }> {
  const error = await launch.then(
    () => new TypeError('Cannot get the failure: the launch succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof AeronToolingError)) throw error
  const logPath = /the log (\S+) ends/.exec(error.message)?.[1]
  if (logPath === undefined) throw error
  onTestFinished(() => rmSync(dirname(logPath), { recursive: true }))
  return { error, logPath }
}
