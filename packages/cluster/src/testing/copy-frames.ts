import type { AtomicBuffer } from '@x/atomic'
import { HDR_TYPE_PAD, HEADER_LENGTH, TYPE_OFFSET } from '@x/client/internal'

/** A copy of what a block poll gave, to be written into another log; of padding only its header, as an archive keeps it. */
export function copyFrames(term: AtomicBuffer, offset: number, length: number): Uint8Array {
  const isPadding = term.getUint16(offset + TYPE_OFFSET) === HDR_TYPE_PAD
  return term.bytes.slice(offset, offset + (isPadding ? HEADER_LENGTH : length))
}
