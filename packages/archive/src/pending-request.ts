import { ControlResponseCode } from '@x/codecs/archive'
import { archiveErrorOf, ArchiveErrorCode, type ArchiveError } from './archive-error.ts'
import type { ControlResponse } from './control-response-adapter.ts'
import type { RecordingDescriptor, RecordingSubscriptionDescriptor } from './recording-descriptor.ts'

/** What a listing gives. */
export type AnyDescriptor = RecordingDescriptor | RecordingSubscriptionDescriptor

/** A request that is on its way or waits for its answer. */
export interface PendingRequest {
  readonly correlationId: bigint
  /** What the request does, for messages: a verb and its object. */
  readonly action: string
  /** The request, encoded, until it has been sent. */
  message: Uint8Array | undefined
  deadlineMs: number
  /** Descriptors that it asks for, 0 when the answer has none. */
  readonly descriptorLimit: number
  /** Whether the archive takes it for a listing, of which it takes one at a time. */
  readonly isListing: boolean
  readonly descriptors: AnyDescriptor[]
  isAnswered: boolean
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
