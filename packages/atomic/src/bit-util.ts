/** Bytes in an 8-bit integer. */
export const SIZE_OF_INT8 = 1
/** Bytes in a 16-bit integer. */
export const SIZE_OF_INT16 = 2
/** Bytes in a 32-bit integer. */
export const SIZE_OF_INT32 = 4
/** Bytes in a 64-bit integer. */
export const SIZE_OF_INT64 = 8
/** Bytes in a 32-bit floating point number. */
export const SIZE_OF_FLOAT32 = 4
/** Bytes in a 64-bit floating point number. */
export const SIZE_OF_FLOAT64 = 8

/** Cache line that the shared layouts are spaced for, in bytes. Protocol: Agrona's `BitUtil.CACHE_LINE_LENGTH`. */
export const CACHE_LINE_LENGTH = 64

const MAX_POSITIVE_POWER_OF_TWO = 2 ** 30

/**
 * Rounds `value` up to a multiple of `alignment`.
 *
 * @param value any safe integer from 0 up: lengths and stream positions alike
 * @param alignment a power of two, not above 2^30
 */
export function align(value: number, alignment: number): number {
  // Positions go beyond 31 bits, where the bit mask would cut them; lengths, the common case, do not.
  if (value <= 0x7fff_ffff - alignment) return (value + (alignment - 1)) & -alignment
  return Math.ceil(value / alignment) * alignment
}

/** Whether `value` is a multiple of `alignment`, a power of two not above 2^30. */
export function isAligned(value: number, alignment: number): boolean {
  return (value & (alignment - 1)) === 0
}

/** Whether `value` is a power of two between 1 and 2^30. */
export function isPowerOfTwo(value: number): boolean {
  return value > 0 && value <= MAX_POSITIVE_POWER_OF_TWO && (value & (value - 1)) === 0
}

/**
 * Returns the smallest power of two that is not below `value`; 1 for anything below 1.
 *
 * @throws RangeError when `value` is above 2^30
 */
export function findNextPositivePowerOfTwo(value: number): number {
  if (value > MAX_POSITIVE_POWER_OF_TWO) {
    throw new RangeError(
      `Cannot find the next power of two: value must be at most ${MAX_POSITIVE_POWER_OF_TWO}, current value is ${value}`,
    )
  }
  return value <= 1 ? 1 : 2 ** (32 - Math.clz32(value - 1))
}
