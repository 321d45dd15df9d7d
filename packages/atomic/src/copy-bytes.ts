import { outOfBounds } from './buffer-errors.ts'

// Below this many bytes a loop beats `TypedArray.set`, which costs a call, and a `subarray` unless the whole source is copied.
// bench/atomic-buffer.bench.ts holds the measurement.
const BYTE_LOOP_LIMIT = 64

/**
 * Copies `length` bytes between two spans that do not overlap.
 *
 * @throws RangeError when either span is out of bounds
 */
export function copyBytes(
  source: Uint8Array,
  sourceOffset: number,
  target: Uint8Array,
  targetOffset: number,
  length: number,
): void {
  if (!(sourceOffset >= 0 && length >= 0 && sourceOffset + length <= source.length)) {
    throw outOfBounds('copy bytes from the source', sourceOffset, length, source.length)
  }
  if (!(targetOffset >= 0 && targetOffset + length <= target.length)) {
    throw outOfBounds('copy bytes into the target', targetOffset, length, target.length)
  }
  if (length <= BYTE_LOOP_LIMIT) {
    for (let i = 0; i < length; i++) target[targetOffset + i] = source[sourceOffset + i]!
  } else if (length === source.length) {
    target.set(source, targetOffset)
  } else {
    target.set(source.subarray(sourceOffset, sourceOffset + length), targetOffset)
  }
}
