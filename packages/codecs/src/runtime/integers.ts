// What is thrown is made in functions of their own: V8 inlines the checks into the generated code only as long as they are short.

// 2^32 is written out below: bundlers make a variable of a constant, and V8 divides by it where it could multiply.
// A byte order that is not a constant makes an access of a DataView several times as slow: hence the two branches.

/** The null value of a 64-bit signed field as a number: the one unsafe integer that it may have, and exact. */
export const INT64_NULL_NUMBER: number = -9223372036854775808

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
  const value = littleEndian
    ? view.getInt32(offset + 4, true) * 0x1_0000_0000 + view.getUint32(offset, true)
    : view.getInt32(offset) * 0x1_0000_0000 + view.getUint32(offset + 4)
  // An integer it is; the range alone decides.
  if ((value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) && value !== INT64_NULL_NUMBER)
    throw unsafe('decode', name, view.getBigInt64(offset, littleEndian))
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
  const value = littleEndian
    ? view.getUint32(offset + 4, true) * 0x1_0000_0000 + view.getUint32(offset, true)
    : view.getUint32(offset) * 0x1_0000_0000 + view.getUint32(offset + 4)
  if (value > Number.MAX_SAFE_INTEGER) throw unsafe('decode', name, view.getBigUint64(offset, littleEndian))
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
  if (littleEndian) {
    view.setInt32(offset + 4, Math.floor(value / 0x1_0000_0000), true)
    view.setUint32(offset, value >>> 0, true)
  } else {
    view.setInt32(offset, Math.floor(value / 0x1_0000_0000))
    view.setUint32(offset + 4, value >>> 0)
  }
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
  if (littleEndian) {
    view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true)
    view.setUint32(offset, value >>> 0, true)
  } else {
    view.setUint32(offset, Math.floor(value / 0x1_0000_0000))
    view.setUint32(offset + 4, value >>> 0)
  }
}

/**
 * Checks a value that is about to be written in a type of fewer than 64 bits.
 *
 * @throws RangeError where it is not an integer from `min` to `max`: it would be cut short in silence
 */
export function checkInteger(value: number, min: number, max: number, name: string): number {
  if (!(value >= min && value <= max && Number.isInteger(value)))
    throw checkIntegerError(value, min, max, name)
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

function checkIntegerError(value: number, min: number, max: number, name: string): RangeError {
  return new RangeError(
    `Cannot encode ${name}: it is ${value}, and should be an integer from ${min} to ${max}`,
  )
}
