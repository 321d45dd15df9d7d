/*
 * Copies between spans that do not overlap and whose bounds have been checked.
 *
 * `TypedArray.set` takes whole arrays: of a part it needs a window on that part, which is an object and 25 ns whatever the length, unless it has been kept. Loops
 * by words allocate nothing and cost less for short spans. As 8-byte words of a `BigInt64Array`, of which optimised code makes no bigints, and which
 * keep every bit, as a `Float64Array` may not. Up to 120 bytes they are copied by 8, 4, 2 and 1 of them, without a loop, which an offer has to put values aside for: of 32 bytes
 * it takes 25 ns with it and 27 with a loop of two words, of 64 bytes 30 and 33 to 37, of 120 bytes 44 and 46 (Node.js 20).
 * Measured with the loops alone, windows by {@link copyUnchecked}, x64, Node.js 20 / 24 / 26, ns:
 *
 *   length                                32              64             128             256            1344
 *   8-byte words, four at a time   4 /  4 /  4    10 /  8 /  9    19 / 14 / 14    39 / 25 / 24   201 / 116 / 125
 *   8-byte words, two at a time    8 /  6 /  6    13 / 10 / 11    22 / 17 / 17
 *   8-byte words, one at a time    6 /  4 /  4    23 /  9 /  9    45 / 14 / 14    96 / 24 / 23   553 / 113 / 118
 *   view to view, 4 bytes each    12 / 14 /  7    49 / 29 / 24    94 / 55 / 44   199 / 107 / 81
 *   array to view, 4 bytes each   21 / 18 / 18    63 / 37 / 35   131 / 69 / 67
 *   set of a kept window                                          21 / 24 / 22    22 / 26 / 22    28 / 31 / 33
 *   set of a new window                                           46 / 50 / 48    45 / 51 / 47    51 / 57 / 53
 *   set of a subarray             54 / 46 / 43    51 / 48 / 40    54 / 46 / 41    55 / 47 / 41    80 / 55 / 46
 */

import type { AtomicBuffer } from './atomic-buffer.ts'
import { ByteWindows } from './byte-windows.ts'
import { setBytes, windowOf } from './typed-array.ts'

/** Longest span, in bytes, that is copied by 8 bytes in a loop. */
const WORDS_LOOP_LIMIT = 120
/** Bits of a length that is not a multiple of 8 up to {@link WORDS_LOOP_LIMIT}. */
const NOT_A_FEW_WORDS = ~WORDS_LOOP_LIMIT
/** Longest span, in bytes, that is copied from view to view in a loop. */
const VIEW_LOOP_LIMIT = 64
/** Longest span, in bytes, that is copied between a view and an array in a loop. */
const ARRAY_LOOP_LIMIT = 64
/** Longest whole array, in bytes, for which the loop beats `set`. */
const WHOLE_LOOP_LIMIT = 16

/**
 * Copies `length` bytes between spans of which the caller knows that they are inside their buffers and do not overlap: `putBytes` without its
 * checks, which are half of what a message of 32 bytes costs to copy.
 */
export function copyUnchecked(
  source: Uint8Array | AtomicBuffer,
  sourceOffset: number,
  target: AtomicBuffer,
  targetOffset: number,
  length: number,
): void {
  if (!copyFewWords(source, sourceOffset, target, targetOffset, length)) {
    copyOther(source, sourceOffset, target, targetOffset, length)
  }
}

/**
 * Does what {@link copyUnchecked} does if that is to copy a few whole words of a buffer between places that are multiples of 8; else it says false, and has
 * done nothing. Apart, as it is short enough to be compiled into its callers, and calls nothing for which they would put values aside.
 */
export function copyFewWords(
  source: Uint8Array | AtomicBuffer,
  sourceOffset: number,
  target: AtomicBuffer,
  targetOffset: number,
  length: number,
): boolean {
  // Not instanceof, which costs 10 ns on Node.js 20.
  if (ArrayBuffer.isView(source)) return false
  const sourcePlace = sourceOffset + source.lead
  const targetPlace = targetOffset + target.lead
  if ((((sourcePlace | targetPlace) & 7) | (length & NOT_A_FEW_WORDS)) !== 0) return false
  const from = source.longs
  const to = target.longs
  let i = sourcePlace >>> 3
  let k = targetPlace >>> 3
  if ((length & 64) !== 0) {
    to[k] = from[i]!
    to[k + 1] = from[i + 1]!
    to[k + 2] = from[i + 2]!
    to[k + 3] = from[i + 3]!
    to[k + 4] = from[i + 4]!
    to[k + 5] = from[i + 5]!
    to[k + 6] = from[i + 6]!
    to[k + 7] = from[i + 7]!
    i = (i + 8) | 0
    k = (k + 8) | 0
  }
  if ((length & 32) !== 0) {
    to[k] = from[i]!
    to[k + 1] = from[i + 1]!
    to[k + 2] = from[i + 2]!
    to[k + 3] = from[i + 3]!
    i = (i + 4) | 0
    k = (k + 4) | 0
  }
  if ((length & 16) !== 0) {
    to[k] = from[i]!
    to[k + 1] = from[i + 1]!
    i = (i + 2) | 0
    k = (k + 2) | 0
  }
  if ((length & 8) !== 0) to[k] = from[i]!
  return true
}

/** What is not a few whole words between places that are multiples of 8. Apart, so that the rest is short enough to be compiled into its callers. */
function copyOther(
  source: Uint8Array | AtomicBuffer,
  sourceOffset: number,
  target: AtomicBuffer,
  targetOffset: number,
  length: number,
): void {
  if (ArrayBuffer.isView(source)) copyArrayToBuffer(source, sourceOffset, target, targetOffset, length)
  else copyBufferToBuffer(source, sourceOffset, target, targetOffset, length)
}

/** Copies from buffer to buffer what is not a few whole words at places that are multiples of 8. */
function copyBufferToBuffer(
  source: AtomicBuffer,
  sourceOffset: number,
  target: AtomicBuffer,
  targetOffset: number,
  length: number,
): void {
  const isAligned = (((sourceOffset + source.lead) | (targetOffset + target.lead)) & 7) === 0
  if (isAligned && length <= WORDS_LOOP_LIMIT) {
    const rest = length & 7
    const whole = length - rest
    copyUnchecked(source, sourceOffset, target, targetOffset, whole)
    copyBetweenViews(source.view, sourceOffset + whole, target.view, targetOffset + whole, rest)
  } else if (length <= VIEW_LOOP_LIMIT) {
    copyBetweenViews(source.view, sourceOffset, target.view, targetOffset, length)
  } else {
    setBytes(target.bytes, windowOn(source, sourceOffset, length), targetOffset)
  }
}

/** Copies from an array into a buffer. */
function copyArrayToBuffer(
  source: Uint8Array,
  sourceOffset: number,
  target: AtomicBuffer,
  targetOffset: number,
  length: number,
): void {
  if (length === source.length && length > WHOLE_LOOP_LIMIT) setBytes(target.bytes, source, targetOffset)
  else if (length <= ARRAY_LOOP_LIMIT) {
    copyArrayToView(source, sourceOffset, target.view, targetOffset, length)
  } else {
    setBytes(target.bytes, windowOf(source, sourceOffset, length), targetOffset)
  }
}

/** Copies from a buffer into an array. */
export function copyBufferToArray(
  source: AtomicBuffer,
  sourceOffset: number,
  target: Uint8Array,
  targetOffset: number,
  length: number,
): void {
  if (length <= ARRAY_LOOP_LIMIT) {
    copyViewToArray(source.view, sourceOffset, target, targetOffset, length)
  } else {
    setBytes(target, windowOn(source, sourceOffset, length), targetOffset)
  }
}

/** The bytes of a span. */
function windowOn(source: AtomicBuffer, offset: number, length: number): Uint8Array {
  source.windows ??= new ByteWindows(source.memory, source.byteOffset)
  return source.windows.on(offset, length)
}

/** Copies a short span from view to view. */
function copyBetweenViews(
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
function copyArrayToView(
  source: Uint8Array,
  sourceOffset: number,
  target: DataView,
  targetOffset: number,
  length: number,
): void {
  const wordsEnd = length & ~3
  for (let i = 0; i < wordsEnd; i += 4) {
    const k = sourceOffset + i
    // An Int8Array from JavaScript has negative bytes.
    const low = (source[k]! & 0xff) | ((source[k + 1]! & 0xff) << 8)
    const word = low | ((source[k + 2]! & 0xff) << 16) | (source[k + 3]! << 24)
    target.setInt32(targetOffset + i, word, true)
  }
  for (let i = wordsEnd; i < length; i++) target.setUint8(targetOffset + i, source[sourceOffset + i]!)
}

/** Copies a short span from a view into an array. */
function copyViewToArray(
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
