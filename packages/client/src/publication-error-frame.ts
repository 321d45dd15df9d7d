import type { PublicationErrorFlyweight } from './command/publication-error-flyweight.ts'
import { errorCodeName, type ErrorCodeName } from './error-code.ts'

const NULL_VALUE = -1n

/** An error that a receiver sent to a publication, such as the rejection of its image: Aeron's `PublicationErrorFrame`. */
export interface PublicationErrorFrame {
  /** Original registration id of the publication. */
  readonly registrationId: bigint
  /** Id of the destination that the frame came through; `undefined` when none is concerned. */
  readonly destinationRegistrationId: bigint | undefined
  readonly sessionId: number
  readonly streamId: number
  /** Id that the receiver gave itself; `undefined` for IPC. */
  readonly receiverId: bigint | undefined
  /** Group that the receiver belongs to; `undefined` when none. */
  readonly groupTag: bigint | undefined
  /** Where the frame came from, as `host:port`. */
  readonly sourceAddress: string
  readonly errorCode: number
  readonly errorCodeName: ErrorCodeName
  readonly errorMessage: string
}

/** Told of an error frame for a publication of this client. Runs on the conductor: it must not send commands or wait. */
export type PublicationErrorFrameHandler = (frame: PublicationErrorFrame) => void

/** Copies an error frame out of its event. */
export function publicationErrorFrame(event: PublicationErrorFlyweight): PublicationErrorFrame {
  return {
    registrationId: event.registrationId,
    destinationRegistrationId: idOrNone(event.destinationRegistrationId),
    sessionId: event.sessionId,
    streamId: event.streamId,
    receiverId: idOrNone(event.receiverId),
    groupTag: idOrNone(event.groupTag),
    sourceAddress: event.sourceAddress,
    errorCode: event.errorCode,
    errorCodeName: errorCodeName(event.errorCode),
    errorMessage: event.errorMessage,
  }
}

function idOrNone(value: bigint): bigint | undefined {
  return value === NULL_VALUE ? undefined : value
}
