/*
 * Copies between spans that do not overlap and whose bounds have been checked.
 *
 * `TypedArray.set` of a part needs a `subarray`, about 30 ns whatever the length; of a whole array it costs about 11 ns. Loops by 4 bytes
 * cost less for short spans. Measured with bench/atomic-buffer.bench.ts and the loops alone, x64, Node.js 20 / 24, ns:
 *
 *   length                          16          32          64         128
 *   view to view, 4 bytes each    5 / 3       7 / 6      14 / 12     26 / 27
 *   array to view, 4 bytes each   7 / 4      14 / 12     28 / 25     55 / 50
 *   byte by byte                 17 / 9      34 / 19     68 / 38    103 / 76
 *   set with subarray            32 / 29     33 / 29     33 / 30     32 / 30
 *   set of the whole array       12 / 8      11 / 8      11 / 8      11 / 8
 */

/** Longest span, in bytes, that is copied from view to view in a loop. */
export const VIEW_LOOP_LIMIT = 128
/** Longest span, in bytes, that is copied between a view and an array in a loop. */
export const ARRAY_LOOP_LIMIT = 64
/** Longest whole array, in bytes, for which the loop beats `set`. */
export const WHOLE_LOOP_LIMIT = 16

/** Copies a short span from view to view. */
export function copyBetweenViews(
  source: DataView,
  sourceOffset: number,
  target: DataView,
  targetOffset: number,
  length: number,
): void {
  const wordsEnd = length & ~3
  for (let i = 0; i < wordsEnd; i += 4) {
    target.setInt32(targetOffset + i, source.getInt32(sourceOffset + i, true), true)
  }
  for (let i = wordsEnd; i < length; i++) {
    target.setUint8(targetOffset + i, source.getUint8(sourceOffset + i))
  }
}

/** Copies a short span from an array into a view. */
export function copyArrayToView(
  source: Uint8Array,
  sourceOffset: number,
  target: DataView,
  targetOffset: number,
  length: number,
): void {
  const wordsEnd = length & ~3
  for (let i = 0; i < wordsEnd; i += 4) {
    const k = sourceOffset + i
    const word = source[k]! | (source[k + 1]! << 8) | (source[k + 2]! << 16) | (source[k + 3]! << 24)
    target.setInt32(targetOffset + i, word, true)
  }
  for (let i = wordsEnd; i < length; i++) target.setUint8(targetOffset + i, source[sourceOffset + i]!)
}

/** Copies a short span from a view into an array. */
export function copyViewToArray(
  source: DataView,
  sourceOffset: number,
  target: Uint8Array,
  targetOffset: number,
  length: number,
): void {
  const wordsEnd = length & ~3
  for (let i = 0; i < wordsEnd; i += 4) {
    const k = targetOffset + i
    const word = source.getInt32(sourceOffset + i, true)
    target[k] = word
    target[k + 1] = word >> 8
    target[k + 2] = word >> 16
    target[k + 3] = word >> 24
  }
  for (let i = wordsEnd; i < length; i++) target[targetOffset + i] = source.getUint8(sourceOffset + i)
}
