import type { AgentTerminationError } from '@x/idlestrategy'
import { isClusterError } from '../cluster-error.ts'
import { asError } from './counted-error-handler.ts'

/** Why a container ended. */
export type TerminationCause =
  /** `close()` was called. */
  | 'CLOSED'
  /** The consensus module asked for it (shutdown, abort, or because it is in trouble itself). */
  | 'CONSENSUS_MODULE_REQUEST'
  /** The consensus module is gone. */
  | 'CONSENSUS_MODULE_LOST'
  /** The Aeron client of the container was closed, usually because the media driver is gone. */
  | 'AERON_CLOSED'
  /** The service could not start. */
  | 'START_FAILED'
  /** The worker thread of the container ended: terminated, out of memory, or by an exception outside of the container's turns. */
  | 'THREAD_ENDED'
  /** The agent cannot continue, because of the log, the control stream, or a callback that asked for it. */
  | 'ERROR'

/** How a container ended. */
export interface ContainerTermination {
  /** Why it ended. */
  readonly cause: TerminationCause
  /** Whether it was intended, by the application, an operator, or the consensus module in an orderly shutdown; a process then exits with 0. */
  readonly expected: boolean
  /** Position in bytes up to which the service had applied the log; -1 if it never started. */
  readonly logPosition: number
  /** The error, if there was one. */
  readonly error: Error | undefined
}

/** What went wrong when an agent ended so. Its own ends carry their reason as the cause; those of the consensus module's making have none. */
export function errorOf(termination: AgentTerminationError): Error | undefined {
  if (termination.cause !== undefined) return asError(termination.cause)
  return termination.isExpected ? undefined : termination
}

/** Why an agent ended with `error`: after it was active or not, and after the consensus module had asked for it or not. */
export function causeOf(
  error: Error | undefined,
  wasActive: boolean,
  wasRequested: boolean,
): TerminationCause {
  if (isClusterError(error, 'AERON_CLOSED')) return 'AERON_CLOSED'
  if (isClusterError(error, 'CONSENSUS_MODULE_LOST')) return 'CONSENSUS_MODULE_LOST'
  if (!wasActive) return 'START_FAILED'
  return wasRequested ? 'CONSENSUS_MODULE_REQUEST' : 'ERROR'
}
