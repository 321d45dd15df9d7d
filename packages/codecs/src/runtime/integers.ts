const TWO_POW_32 = 0x1_0000_0000

/** The null value of a 64-bit signed field as a number: the one unsafe integer that it may have, and exact. */
export const INT64_NULL_NUMBER: number = -9223372036854775808

function joined(view: DataView, offset: number, littleEndian: boolean, signed: boolean): number {
  const high = littleEndian ? offset + 4 : offset
  const low = littleEndian ? offset : offset + 4
  const upper = signed ? view.getInt32(high, littleEndian) : view.getUint32(high, littleEndian)
  return upper * TWO_POW_32 + view.getUint32(low, littleEndian)
}

/**
 * Reads an int64 as a number, without allocating.
 *
 * @throws RangeError where it is not a safe integer; the null value -2^63 is let through
 */
export function getInt64AsNumber(
  view: DataView,
  offset: number,
  littleEndian: boolean,
  name: string,
): number {
  const value = joined(view, offset, littleEndian, true)
  if (!Number.isSafeInteger(value) && value !== INT64_NULL_NUMBER) {
    throw unsafe('decode', name, view.getBigInt64(offset, littleEndian))
  }
  return value
}

/**
 * Reads a uint64 as a number, without allocating.
 *
 * @throws RangeError where it is not a safe integer
 */
export function getUint64AsNumber(
  view: DataView,
  offset: number,
  littleEndian: boolean,
  name: string,
): number {
  const value = joined(view, offset, littleEndian, false)
  if (!Number.isSafeInteger(value)) throw unsafe('decode', name, view.getBigUint64(offset, littleEndian))
  return value
}

/**
 * Writes a number as an int64, without allocating.
 *
 * @throws RangeError where it is not a safe integer; the null value -2^63 is let through
 */
export function putInt64FromNumber(
  view: DataView,
  offset: number,
  value: number,
  littleEndian: boolean,
  name: string,
): void {
  if (!Number.isSafeInteger(value) && value !== INT64_NULL_NUMBER) throw unsafe('encode', name, value)
  view.setInt32(littleEndian ? offset + 4 : offset, Math.floor(value / TWO_POW_32), littleEndian)
  view.setUint32(littleEndian ? offset : offset + 4, value >>> 0, littleEndian)
}

/**
 * Writes a number as a uint64, without allocating.
 *
 * @throws RangeError where it is not a safe integer of 0 or more
 */
export function putUint64FromNumber(
  view: DataView,
  offset: number,
  value: number,
  littleEndian: boolean,
  name: string,
): void {
  if (!Number.isSafeInteger(value) || value < 0) throw unsafe('encode', name, value)
  view.setUint32(littleEndian ? offset + 4 : offset, Math.floor(value / TWO_POW_32), littleEndian)
  view.setUint32(littleEndian ? offset : offset + 4, value >>> 0, littleEndian)
}

/**
 * Checks a value that is about to be written in a type of fewer than 64 bits.
 *
 * @throws RangeError where it is not an integer from `min` to `max`: it would be cut short in silence
 */
export function checkInteger(value: number, min: number, max: number, name: string): number {
  if (!(value >= min && value <= max && Number.isInteger(value))) {
    throw new RangeError(
      `Cannot encode ${name}: it is ${value}, and should be an integer from ${min} to ${max}`,
    )
  }
  return value
}

/**
 * Checks a value that is about to be written in a 64-bit type.
 *
 * @throws RangeError where it is not from `min` to `max`: it would be cut short in silence
 */
export function checkBigint(value: bigint, min: bigint, max: bigint, name: string): bigint {
  if (!(value >= min && value <= max)) {
    throw new RangeError(`Cannot encode ${name}: it is ${value}, and should be from ${min} to ${max}`)
  }
  return value
}

function unsafe(action: string, name: string, value: number | bigint): RangeError {
  return new RangeError(
    `Cannot ${action} ${name}: it is ${value}, and should be an integer from ${Number.MIN_SAFE_INTEGER} to ` +
      `${Number.MAX_SAFE_INTEGER}, exact as a number`,
  )
}
