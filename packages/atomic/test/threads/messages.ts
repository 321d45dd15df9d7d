import type { AtomicBuffer } from '../../src/atomic-buffer.ts'

/** What a worker is to do with the memory. */
export type Task = { readonly memory: SharedArrayBuffer; readonly count: number } & (
  | { readonly kind: 'produce'; readonly producerId: number }
  | { readonly kind: 'produce-alone' }
  | { readonly kind: 'transmit' }
  | { readonly kind: 'advance'; readonly step: number }
  | { readonly kind: 'increment' }
)

/** Length of the message with this number, in bytes: different from one to the next, and never too short for the number. */
export function messageLength(sequence: number): number {
  return 4 + (sequence % 91)
}

/** The number, and then bytes that follow from it. */
export function fillMessage(buffer: AtomicBuffer, offset: number, length: number, sequence: number): void {
  buffer.putInt32(offset, sequence)
  for (let i = 4; i < length; i++) buffer.putUint8(offset + i, (sequence + i) & 0xff)
}

/** The number of a message, or -1 when it is not whole. */
export function readMessage(buffer: AtomicBuffer, offset: number, length: number): number {
  const sequence = buffer.getInt32(offset)
  if (length !== messageLength(sequence)) return -1
  for (let i = 4; i < length; i++) {
    if (buffer.getUint8(offset + i) !== ((sequence + i) & 0xff)) return -1
  }
  return sequence
}
