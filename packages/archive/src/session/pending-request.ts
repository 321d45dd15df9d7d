import { ControlResponseCode } from '@x/codecs/archive'
import { archiveErrorOf, ArchiveErrorCode, type ArchiveError } from '../archive-error.ts'
import type { ControlResponse } from './control-response-adapter.ts'
import type {
  RecordingDescriptor,
  RecordingSubscriptionDescriptor,
} from '../recording/recording-descriptor.ts'

/** What a listing gives. */
export type AnyDescriptor = RecordingDescriptor | RecordingSubscriptionDescriptor

/** What is particular to a request. */
export interface RequestKind {
  /** Its id. @default a new one */
  readonly correlationId?: bigint
  /** Descriptors that it asks for. @default 0 */
  readonly descriptorLimit?: number
  /** Whether the archive takes it for a listing. @default whether it asks for descriptors */
  readonly isListing?: boolean
  /** Takes back what the archive has done, told by the relevant id of an OK that comes when nobody waits for it any more. */
  readonly onLateOk?: ((relevantId: bigint) => void) | undefined
}

/** A request that is on its way or waits for its answer. */
export interface PendingRequest {
  readonly correlationId: bigint
  /** What the request does, for messages: a verb and its object. */
  readonly action: string
  /** The request, encoded, until it has been sent. */
  message: Uint8Array | undefined
  deadlineMs: number
  /** Descriptors that are still to come, 0 when the answer has none. */
  missingDescriptors: number
  /** Whether the archive takes it for a listing, of which it takes one at a time. */
  readonly isListing: boolean
  /** As of {@link RequestKind}. */
  readonly onLateOk: ((relevantId: bigint) => void) | undefined
  readonly descriptors: AnyDescriptor[]
  isAnswered: boolean
  /** Whether nobody waits for the answer any more. */
  isAbandoned: boolean
  /** The answer; undefined when the last descriptor was the answer. */
  response: ControlResponse | undefined
}

/** The error of a request that was answered with something else than an OK. */
export function failureOf({ action, correlationId, response }: PendingRequest): ArchiveError {
  const relevantId = Number(response?.relevantId ?? -1n)
  const errorMessage = response?.errorMessage ?? ''
  switch (response?.code) {
    case ControlResponseCode.RECORDING_UNKNOWN:
      return archiveErrorOf(
        action,
        ArchiveErrorCode.UNKNOWN_RECORDING,
        correlationId,
        `the archive has no recording ${relevantId}`,
      )
    case ControlResponseCode.SUBSCRIPTION_UNKNOWN:
      return archiveErrorOf(
        action,
        ArchiveErrorCode.UNKNOWN_SUBSCRIPTION,
        correlationId,
        'the archive has no such subscription',
      )
    case ControlResponseCode.OK:
    case ControlResponseCode.ERROR:
    case undefined:
      return archiveErrorOf(action, relevantId, correlationId, errorMessage)
  }
}
