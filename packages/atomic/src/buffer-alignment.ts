import type { AtomicBuffer } from './atomic-buffer.ts'
import { SIZE_OF_INT64 } from './bit-util.ts'

/** @throws RangeError when the buffer does not start at a multiple of 8 bytes in memory, as atomic access to 64-bit words in it needs */
export function verifyAlignment(buffer: AtomicBuffer): void {
  if (buffer.byteOffset % SIZE_OF_INT64 !== 0) {
    throw new RangeError(
      `Cannot use the buffer for shared structures: it must start at a multiple of 8 bytes, current byte offset is ${buffer.byteOffset}`,
    )
  }
}
