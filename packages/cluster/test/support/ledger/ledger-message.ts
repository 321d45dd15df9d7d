import { AtomicBuffer } from '@x/atomic'

// Messages to the ledger, and its replies; the Java twin knows the same. All little endian.
/** What a message asks for. */
export const LedgerKind = { ADD: 1, REPORT: 2, BALLAST: 3, SERVICE: 4 } as const
export type LedgerKind = (typeof LedgerKind)[keyof typeof LedgerKind]

export const KIND_OFFSET = 0
/** Flags of ADD. */
export const FLAGS_OFFSET = 4
export const SEQUENCE_OFFSET = 8
/** Delay of the timer in units of cluster time; bytes of ballast. */
export const ARGUMENT_OFFSET = 16
export const MESSAGE_LENGTH = 24

/** ADD schedules a timer. */
export const FLAG_TIMER = 1
/** ADD makes the service offer a message of its own. */
export const FLAG_SERVICE_MESSAGE = 2

/** A reply holds the sequence and how many entries the ledger has with it. */
export const REPLY_LENGTH = 16

/** What a message holds. */
export interface LedgerMessage {
  readonly kind: LedgerKind
  readonly sequence: bigint
  readonly flags?: number
  readonly argument?: bigint
  /** Bytes behind the message, that are hashed with it. */
  readonly fillerLength?: number
}

export function encodeLedgerMessage(message: LedgerMessage): AtomicBuffer {
  const { kind, sequence, flags = 0, argument = 0n, fillerLength = 0 } = message
  const buffer = AtomicBuffer.allocate(MESSAGE_LENGTH + fillerLength)
  buffer.putInt32(KIND_OFFSET, kind)
  buffer.putInt32(FLAGS_OFFSET, flags)
  buffer.putInt64(SEQUENCE_OFFSET, sequence)
  buffer.putInt64(ARGUMENT_OFFSET, argument)
  for (let i = 0; i < fillerLength; i++) buffer.putUint8(MESSAGE_LENGTH + i, (Number(sequence) + i) & 0xff)
  return buffer
}
