// 64-bit integers as numbers, without allocating. What is thrown, or is rare, is in functions of its own: V8 inlines the rest
// into the generated code only as long as it is short. A function for each byte order: one that is not a constant makes an
// access of a DataView several times as slow. 2^32 is written out: bundlers make a variable of a constant, and V8 then divides.
// A half is made an int32 before it is written: V8 from Node.js 24 on calls a function for a DataView that is given more.
//
// Reading needs one comparison: the upper half of an integer below 2^52 has 21 bits, with its sign. The rest is looked at again.

/** The null value of a 64-bit signed field as a number: the one unsafe integer that it may have, and exact. */
export const INT64_NULL_NUMBER: number = -9223372036854775808

const INT64_NULL = -0x8000_0000_0000_0000n

/**
 * Reads an int64, little endian.
 *
 * @throws RangeError where it is not a safe integer; the null value -2^63 is let through
 */
export function getInt64AsNumberLe(view: DataView, offset: number, name: string): number {
  const high = view.getInt32(offset + 4, true)
  if ((high << 11) >> 11 !== high) return wideInt64Le(view, offset, name)
  return high * 0x1_0000_0000 + view.getUint32(offset, true)
}

/** As getInt64AsNumberLe, big endian. */
export function getInt64AsNumberBe(view: DataView, offset: number, name: string): number {
  const high = view.getInt32(offset)
  if ((high << 11) >> 11 !== high) return wideInt64Be(view, offset, name)
  return high * 0x1_0000_0000 + view.getUint32(offset + 4)
}

/**
 * Reads a uint64, little endian.
 *
 * @throws RangeError where it is not a safe integer
 */
export function getUint64AsNumberLe(view: DataView, offset: number, name: string): number {
  const high = view.getInt32(offset + 4, true)
  if ((high & 0xf_ffff) !== high) return wideUint64Le(view, offset, name)
  return high * 0x1_0000_0000 + view.getUint32(offset, true)
}

/** As getUint64AsNumberLe, big endian. */
export function getUint64AsNumberBe(view: DataView, offset: number, name: string): number {
  const high = view.getInt32(offset)
  if ((high & 0xf_ffff) !== high) return wideUint64Be(view, offset, name)
  return high * 0x1_0000_0000 + view.getUint32(offset + 4)
}

/**
 * Writes an int64, little endian.
 *
 * @throws RangeError where it is not a safe integer; the null value -2^63 is let through
 */
export function putInt64FromNumberLe(view: DataView, offset: number, value: number, name: string): void {
  if (!Number.isSafeInteger(value)) checkEncoded(value, name)
  view.setInt32(offset, value | 0, true)
  view.setInt32(offset + 4, Math.floor(value / 0x1_0000_0000) | 0, true)
}

/** As putInt64FromNumberLe, big endian. */
export function putInt64FromNumberBe(view: DataView, offset: number, value: number, name: string): void {
  if (!Number.isSafeInteger(value)) checkEncoded(value, name)
  view.setInt32(offset, Math.floor(value / 0x1_0000_0000) | 0)
  view.setInt32(offset + 4, value | 0)
}

/**
 * Writes a uint64, little endian.
 *
 * @throws RangeError where it is not a safe integer of 0 or more
 */
export function putUint64FromNumberLe(view: DataView, offset: number, value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw unsafe('encode', name, value)
  view.setInt32(offset, value | 0, true)
  view.setInt32(offset + 4, (value / 0x1_0000_0000) | 0, true)
}

/** As putUint64FromNumberLe, big endian. */
export function putUint64FromNumberBe(view: DataView, offset: number, value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw unsafe('encode', name, value)
  view.setInt32(offset, (value / 0x1_0000_0000) | 0)
  view.setInt32(offset + 4, value | 0)
}

function wideInt64Le(view: DataView, offset: number, name: string): number {
  return checkDecoded(view.getBigInt64(offset, true), name)
}

function wideInt64Be(view: DataView, offset: number, name: string): number {
  return checkDecoded(view.getBigInt64(offset), name)
}

function wideUint64Le(view: DataView, offset: number, name: string): number {
  return checkDecoded(view.getBigUint64(offset, true), name)
}

function wideUint64Be(view: DataView, offset: number, name: string): number {
  return checkDecoded(view.getBigUint64(offset), name)
}

function checkDecoded(exact: bigint, name: string): number {
  const value = Number(exact)
  if (!Number.isSafeInteger(value) && exact !== INT64_NULL) throw unsafe('decode', name, exact)
  return value
}

function checkEncoded(value: number, name: string): void {
  if (value !== INT64_NULL_NUMBER) throw unsafe('encode', name, value)
}

function unsafe(action: string, name: string, value: number | bigint): RangeError {
  return new RangeError(
    `Cannot ${action} ${name}: it is ${value}, and should be an integer from ${Number.MIN_SAFE_INTEGER} to ` +
      `${Number.MAX_SAFE_INTEGER}, exact as a number`,
  )
}
