import type { AtomicBuffer } from '../atomic-buffer.ts'
import { ExpandableArrayBuffer } from '../expandable-array-buffer.ts'
import { BroadcastLappedError } from './broadcast-lapped-error.ts'
import type { BroadcastReceiver } from './broadcast-receiver.ts'

/** Takes a copy of one message; it is valid during the call only. */
export type BroadcastMessageHandler = (
  typeId: number,
  buffer: AtomicBuffer,
  offset: number,
  length: number,
) => void

/** Ours: most driver events fit; the scratch buffer grows for those that do not. */
const INITIAL_SCRATCH_LENGTH = 4096

/** Receives copies of broadcast messages, so that none can change while it is handled: Agrona's `CopyBroadcastReceiver`. */
export class CopyBroadcastReceiver {
  readonly #receiver: BroadcastReceiver
  readonly #scratch = new ExpandableArrayBuffer(INITIAL_SCRATCH_LENGTH)

  constructor(receiver: BroadcastReceiver) {
    this.#receiver = receiver
  }

  /**
   * Delivers the next message, if there is one.
   *
   * @returns how many were delivered: 0 or 1
   * @throws BroadcastLappedError when the transmitter has overtaken this receiver: messages are lost
   */
  receive(handler: BroadcastMessageHandler): number {
    const receiver = this.#receiver
    const lappedBefore = receiver.lappedCount
    if (!receiver.receiveNext()) return 0
    if (receiver.lappedCount !== lappedBefore) throw new BroadcastLappedError()

    const length = receiver.length
    const typeId = receiver.typeId
    // The record may be overwritten already, and these two be anything: they bound the copy only when they can be right.
    const isPlausible = length >= 0 && receiver.offset + length <= receiver.capacity
    if (isPlausible) this.#scratch.putBytes(0, receiver.buffer, receiver.offset, length)
    if (!receiver.validate()) throw new BroadcastLappedError()
    if (!isPlausible) {
      throw new RangeError(
        `Cannot receive a broadcast message: its length must lie within the buffer of ${receiver.capacity} bytes, current value is ${length}`,
      )
    }
    handler(typeId, this.#scratch.buffer, 0, length)
    return 1
  }
}
