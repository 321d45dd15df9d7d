import { ArchiveError } from '@x/archive'
import { AeronError } from '@x/client'
import { ClusterError } from '../../cluster-error.ts'
import type { ContainerTermination } from '../container-termination.ts'
import { asError } from '../counted-error-handler.ts'

/** Ours: an error that is its own cause must not go on for ever. */
const MAX_CAUSES = 8

type Family = 'ClusterError' | 'AeronError' | 'ArchiveError' | 'RangeError' | 'TypeError' | 'Error'

/** An error as it goes from one thread to another: a structured clone would lose code, context and class. */
export interface PortableError {
  readonly family: Family
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | undefined
  readonly context: unknown
  readonly cause: PortableError | undefined
}

/** How a container ended, as it goes from one thread to another. */
export interface PortableTermination extends Omit<ContainerTermination, 'error'> {
  readonly error: PortableError | undefined
}

/** Makes an error fit to be sent. Anything can be thrown in JavaScript: what is not an Error becomes one. */
export function toPortable(thrown: unknown, depth = 0): PortableError {
  const error = asError(thrown)
  const { name, message, stack, cause } = error
  const isOurs = error instanceof ClusterError || error instanceof AeronError || error instanceof ArchiveError
  return {
    family: familyOf(error),
    name,
    message,
    stack,
    code: isOurs ? error.code : undefined,
    // Ours hold words and numbers.
    context: isOurs ? error.context : undefined,
    cause: cause === undefined || depth === MAX_CAUSES ? undefined : toPortable(cause, depth + 1),
  }
}

/** The error that was sent, of its class when that is one of ours or a built-in one. */
export function fromPortable(portable: PortableError): Error {
  const error = construct(portable)
  if (error.name !== portable.name) error.name = portable.name
  if (portable.stack !== undefined) error.stack = portable.stack
  return error
}

/** The termination that was sent. */
export function terminationFromPortable(portable: PortableTermination): ContainerTermination {
  return { ...portable, error: portable.error && fromPortable(portable.error) }
}

function construct({ family, message, code, context, cause }: PortableError): Error {
  const options = cause === undefined ? {} : { cause: fromPortable(cause) }
  // Code and context belong together, as they did on the other thread.
  const typed = [code, message, context, options] as unknown as [never, string, never, ErrorOptions]
  if (family === 'ClusterError') return new ClusterError(...typed)
  if (family === 'AeronError') return new AeronError(...typed)
  if (family === 'ArchiveError') return new ArchiveError(...typed)
  if (family === 'RangeError') return new RangeError(message, options)
  if (family === 'TypeError') return new TypeError(message, options)
  return new Error(message, options)
}

function familyOf(error: Error): Family {
  if (error instanceof ClusterError) return 'ClusterError'
  if (error instanceof AeronError) return 'AeronError'
  if (error instanceof ArchiveError) return 'ArchiveError'
  if (error instanceof RangeError) return 'RangeError'
  return error instanceof TypeError ? 'TypeError' : 'Error'
}
