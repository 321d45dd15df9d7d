import { SchemaError } from '../parse/schema-error.ts'
import { DecodeError } from '../otf/decode-error.ts'
import { FolderError } from '../write-files.ts'

/** Where a command writes, line by line. */
export interface Output {
  /** What was asked for: help, decoded messages. */
  write(line: string): void
  /** What happened: progress, warnings, errors. */
  print(line: string): void
}

/** Ends a command with its message and nothing else: the user can mend it. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
}

/** Runs a part of a command, printing the errors that the user can mend; false where there was one. */
export function attempt(output: Output, run: () => void): boolean {
  try {
    run()
    return true
  } catch (error) {
    if (!isUserError(error)) throw error
    output.print(error.message)
    return false
  }
}

function isUserError(error: unknown): error is Error {
  return (
    error instanceof SchemaError ||
    error instanceof DecodeError ||
    error instanceof CommandError ||
    error instanceof FolderError ||
    // A name or option that the printers cannot do anything with.
    error instanceof SyntaxError
  )
}

/** The work of a function on files; what the file system refuses is told with what to do. */
export function onFiles<T>(what: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    throw new CommandError(`Cannot ${what}: ${error.message}; correct the path`, { cause: error })
  }
}
