import { SIZE_OF_INT32, SIZE_OF_INT64 } from './bit-util.ts'
import { checkCapacity, checkSpan, checkWrap, misaligned, unsafeInteger } from './buffer-checks.ts'
import {
  ARRAY_LOOP_LIMIT,
  copyArrayToView,
  copyBetweenViews,
  copyViewToArray,
  VIEW_LOOP_LIMIT,
  WHOLE_LOOP_LIMIT,
} from './copy-bytes.ts'
import { encodeUtf8, readAscii, readUtf8, writeAscii } from './string-encoding.ts'

const TWO_POW_32 = 0x1_0000_0000

/**
 * A span of memory with typed access and named memory orderings: Agrona's `UnsafeBuffer` over any `ArrayBuffer`,
 * `SharedArrayBuffer` or external memory (a mapped file).
 *
 * Plain methods (`getInt32`, `putInt64` ...) take any offset, are little endian, and promise no ordering between threads or processes.
 * Methods named `...Acquire` and `...Release`, `getAndAdd...` and `compareAndSet...` order memory, and need an offset whose place in memory
 * is naturally aligned (4 or 8 bytes); they are sequentially consistent, which is stronger than their names ask.
 * 64-bit values are `bigint`, except in the `...AsNumber` and `...FromNumber` methods, made for positions and lengths.
 *
 * Offsets count bytes from the start of the span. Access out of bounds throws a `RangeError`, a misaligned atomic access too.
 */
export class AtomicBuffer {
  /** The memory under this buffer. */
  readonly memory: ArrayBufferLike
  /** Where the span starts in {@link memory}, in bytes. */
  readonly byteOffset: number
  /** Length of the span, in bytes. */
  readonly capacity: number
  /** The bytes of exactly this span. */
  readonly bytes: Uint8Array
  /** A data view of exactly this span. */
  readonly view: DataView

  // Both start at the last multiple of 8 at or before the span, `#lead` bytes before it, so that one shift turns an offset into an index.
  readonly #lead: number
  readonly #int32: Int32Array
  readonly #int64: BigInt64Array

  private constructor(memory: ArrayBufferLike, byteOffset: number, capacity: number) {
    const lead = byteOffset % SIZE_OF_INT64
    const start = byteOffset - lead
    const reach = lead + capacity
    this.memory = memory
    this.byteOffset = byteOffset
    this.capacity = capacity
    this.bytes = new Uint8Array(memory, byteOffset, capacity)
    this.view = new DataView(memory, byteOffset, capacity)
    this.#lead = lead
    this.#int32 = new Int32Array(memory, start, Math.floor(reach / SIZE_OF_INT32))
    this.#int64 = new BigInt64Array(memory, start, Math.floor(reach / SIZE_OF_INT64))
  }

  /**
   * A buffer over new private memory, zero filled and 8-byte aligned.
   *
   * @throws RangeError when `capacity` is not an integer from 0 to 2^31 - 1
   */
  static allocate(capacity: number): AtomicBuffer {
    checkCapacity(capacity)
    return AtomicBuffer.wrap(new ArrayBuffer(capacity))
  }

  /**
   * A buffer over existing memory, nothing copied.
   *
   * @param memory what to wrap; a view (`Uint8Array`, `Buffer`, `DataView` ...) is wrapped where it starts
   * @param byteOffset where the span starts, in bytes from the start of `memory`
   * @param length length of the span in bytes; the rest of `memory` when not given
   * @throws RangeError when the span lies outside `memory` or is longer than 2^31 - 1
   */
  static wrap(memory: ArrayBufferLike | ArrayBufferView, byteOffset = 0, length?: number): AtomicBuffer {
    const span = length ?? memory.byteLength - byteOffset
    checkWrap(memory.byteLength, byteOffset, span)
    return ArrayBuffer.isView(memory)
      ? new AtomicBuffer(memory.buffer, memory.byteOffset + byteOffset, span)
      : new AtomicBuffer(memory, byteOffset, span)
  }

  /** A buffer over `length` bytes of this one from `offset`, on the same memory. */
  slice(offset: number, length: number): AtomicBuffer {
    this.#check('slice', offset, length)
    return new AtomicBuffer(this.memory, this.byteOffset + offset, length)
  }

  getInt8(offset: number): number {
    return this.view.getInt8(offset)
  }

  putInt8(offset: number, value: number): void {
    this.view.setInt8(offset, value)
  }

  getUint8(offset: number): number {
    return this.view.getUint8(offset)
  }

  putUint8(offset: number, value: number): void {
    this.view.setUint8(offset, value)
  }

  getInt16(offset: number): number {
    return this.view.getInt16(offset, true)
  }

  putInt16(offset: number, value: number): void {
    this.view.setInt16(offset, value, true)
  }

  getUint16(offset: number): number {
    return this.view.getUint16(offset, true)
  }

  putUint16(offset: number, value: number): void {
    this.view.setUint16(offset, value, true)
  }

  getInt32(offset: number): number {
    return this.view.getInt32(offset, true)
  }

  putInt32(offset: number, value: number): void {
    this.view.setInt32(offset, value, true)
  }

  getUint32(offset: number): number {
    return this.view.getUint32(offset, true)
  }

  putUint32(offset: number, value: number): void {
    this.view.setUint32(offset, value, true)
  }

  getFloat32(offset: number): number {
    return this.view.getFloat32(offset, true)
  }

  putFloat32(offset: number, value: number): void {
    this.view.setFloat32(offset, value, true)
  }

  getFloat64(offset: number): number {
    return this.view.getFloat64(offset, true)
  }

  putFloat64(offset: number, value: number): void {
    this.view.setFloat64(offset, value, true)
  }

  getInt64(offset: number): bigint {
    return this.view.getBigInt64(offset, true)
  }

  putInt64(offset: number, value: bigint): void {
    this.view.setBigInt64(offset, value, true)
  }

  getUint64(offset: number): bigint {
    return this.view.getBigUint64(offset, true)
  }

  putUint64(offset: number, value: bigint): void {
    this.view.setBigUint64(offset, value, true)
  }

  /**
   * Reads a 64-bit position or length as a number, without allocation.
   *
   * @throws RangeError when the value is not a safe integer, as the sentinel 2^63 - 1 of an open stream's end is not: read that with {@link getInt64}
   */
  getInt64AsNumber(offset: number): number {
    const value =
      this.view.getInt32(offset + SIZE_OF_INT32, true) * TWO_POW_32 + this.view.getUint32(offset, true)
    if (!Number.isSafeInteger(value)) {
      throw unsafeInteger('read an int64 as a number', offset, this.view.getBigInt64(offset, true))
    }
    return value
  }

  /**
   * Writes a position or length as a 64-bit value, without allocation; two 32-bit stores, so a concurrent reader may see a mix.
   *
   * @throws RangeError when `value` is not a safe integer
   */
  putInt64FromNumber(offset: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw unsafeInteger('write a number as an int64', offset, value)
    this.view.setInt32(offset + SIZE_OF_INT32, Math.floor(value / TWO_POW_32), true)
    this.view.setUint32(offset, value, true)
  }

  getInt32Acquire(offset: number): number {
    return Atomics.load(this.#int32, this.#index32('read an int32', offset))
  }

  putInt32Release(offset: number, value: number): void {
    Atomics.store(this.#int32, this.#index32('write an int32', offset), value)
  }

  /** Adds `delta`, wrapping at 32 bits, and returns the value before. */
  getAndAddInt32(offset: number, delta: number): number {
    return Atomics.add(this.#int32, this.#index32('add to an int32', offset), delta)
  }

  /** Writes `update` when the value is `expected` (an int32), and tells whether it did. */
  compareAndSetInt32(offset: number, expected: number, update: number): boolean {
    const index = this.#index32('compare and set an int32', offset)
    return Atomics.compareExchange(this.#int32, index, expected, update) === expected
  }

  getInt64Acquire(offset: number): bigint {
    return Atomics.load(this.#int64, this.#index64('read an int64', offset))
  }

  putInt64Release(offset: number, value: bigint): void {
    Atomics.store(this.#int64, this.#index64('write an int64', offset), value)
  }

  /** Adds `delta`, wrapping at 64 bits, and returns the value before. */
  getAndAddInt64(offset: number, delta: bigint): bigint {
    return Atomics.add(this.#int64, this.#index64('add to an int64', offset), delta)
  }

  /** Writes `update` when the value is `expected`, and tells whether it did. */
  compareAndSetInt64(offset: number, expected: bigint, update: bigint): boolean {
    const index = this.#index64('compare and set an int64', offset)
    return Atomics.compareExchange(this.#int64, index, expected, update) === expected
  }

  /**
   * Reads a 64-bit position or length as a number, with acquire ordering and without allocation: the high word, the low word, and the high
   * word again until it has not changed between, so that words of two stores never mix.
   *
   * @throws RangeError when the value is not a safe integer; a log's end-of-stream position is 2^63 - 1 while it is open, so read that with
   *   {@link getInt64Acquire}
   */
  getInt64AsNumberAcquire(offset: number): number {
    const low = this.#index64('read an int64 as a number', offset) << 1
    const words = this.#int32
    let high = Atomics.load(words, low + 1)
    let lowWord = Atomics.load(words, low)
    let again = Atomics.load(words, low + 1)
    while (again !== high) {
      high = again
      lowWord = Atomics.load(words, low)
      again = Atomics.load(words, low + 1)
    }
    const value = high * TWO_POW_32 + (lowWord >>> 0)
    if (!Number.isSafeInteger(value)) {
      const exact = (BigInt(high) << 32n) | BigInt(lowWord >>> 0)
      throw unsafeInteger('read an int64 as a number', offset, exact)
    }
    return value
  }

  /**
   * Writes a position or length as a 64-bit value, with release ordering and without allocation unless the high word changes: then it is
   * one 64-bit store, else one 32-bit store of the low word. For a word with a single writer only: a second writer's high word could be lost.
   *
   * @throws RangeError when `value` is not a safe integer
   */
  putInt64FromNumberRelease(offset: number, value: number): void {
    const index = this.#index64('write a number as an int64', offset)
    if (!Number.isSafeInteger(value)) throw unsafeInteger('write a number as an int64', offset, value)
    if (this.#int32[(index << 1) + 1] === Math.floor(value / TWO_POW_32)) {
      Atomics.store(this.#int32, index << 1, value | 0)
    } else {
      Atomics.store(this.#int64, index, BigInt(value))
    }
  }

  /**
   * Copies `length` bytes from `offset` of this buffer into `target` at `targetOffset`. The two must not overlap in memory.
   *
   * @throws RangeError when either span is out of bounds
   */
  getBytes(offset: number, target: Uint8Array | AtomicBuffer, targetOffset: number, length: number): void {
    // Not instanceof, which costs 10 ns on Node.js 20.
    if (!ArrayBuffer.isView(target)) {
      target.putBytes(targetOffset, this, offset, length)
      return
    }
    this.#check('get bytes', offset, length)
    checkSpan('get bytes into the target', targetOffset, length, target.length)
    if (length <= ARRAY_LOOP_LIMIT) copyViewToArray(this.view, offset, target, targetOffset, length)
    else target.set(this.bytes.subarray(offset, offset + length), targetOffset)
  }

  /**
   * Copies `length` bytes from `source` at `sourceOffset` into this buffer at `offset`. The two must not overlap in memory.
   *
   * @throws RangeError when either span is out of bounds
   */
  putBytes(offset: number, source: Uint8Array | AtomicBuffer, sourceOffset: number, length: number): void {
    this.#check('put bytes', offset, length)
    if (!ArrayBuffer.isView(source)) {
      checkSpan('put bytes from the source', sourceOffset, length, source.capacity)
      if (length <= VIEW_LOOP_LIMIT) copyBetweenViews(source.view, sourceOffset, this.view, offset, length)
      else this.bytes.set(source.bytes.subarray(sourceOffset, sourceOffset + length), offset)
      return
    }
    checkSpan('put bytes from the source', sourceOffset, length, source.length)
    if (length === source.length && length > WHOLE_LOOP_LIMIT) this.bytes.set(source, offset)
    else if (length <= ARRAY_LOOP_LIMIT) copyArrayToView(source, sourceOffset, this.view, offset, length)
    else this.bytes.set(source.subarray(sourceOffset, sourceOffset + length), offset)
  }

  /** Sets `length` bytes from `offset` to `value`. */
  setMemory(offset: number, length: number, value: number): void {
    this.#check('set memory', offset, length)
    this.bytes.fill(value, offset, offset + length)
  }

  /** Reads ASCII text that has its int32 length in bytes in front. */
  getStringAscii(offset: number): string {
    return this.getStringWithoutLengthAscii(offset + SIZE_OF_INT32, this.getInt32(offset))
  }

  /** Reads `length` bytes of ASCII text; a byte that is not ASCII becomes U+FFFD. */
  getStringWithoutLengthAscii(offset: number, length: number): string {
    this.#check('read a string', offset, length)
    return readAscii(this.bytes, offset, length)
  }

  /** Writes ASCII text with its int32 length in front; what is not ASCII becomes `?`. Returns the bytes written, the 4 of the length included. */
  putStringAscii(offset: number, value: string): number {
    const length = this.putStringWithoutLengthAscii(offset + SIZE_OF_INT32, value)
    this.putInt32(offset, length)
    return SIZE_OF_INT32 + length
  }

  /** Writes ASCII text; what is not ASCII becomes `?`. Returns the bytes written. */
  putStringWithoutLengthAscii(offset: number, value: string): number {
    this.#check('write a string', offset, value.length)
    writeAscii(this.bytes, offset, value)
    return value.length
  }

  /** Reads UTF-8 text that has its int32 length in bytes in front. */
  getStringUtf8(offset: number): string {
    return this.getStringWithoutLengthUtf8(offset + SIZE_OF_INT32, this.getInt32(offset))
  }

  /** Reads `length` bytes of UTF-8 text; malformed sequences become U+FFFD. */
  getStringWithoutLengthUtf8(offset: number, length: number): string {
    this.#check('read a string', offset, length)
    return readUtf8(this.bytes, offset, length)
  }

  /** Writes UTF-8 text with its int32 length in bytes in front. Returns the bytes written, the 4 of the length included. */
  putStringUtf8(offset: number, value: string): number {
    const length = this.putStringWithoutLengthUtf8(offset + SIZE_OF_INT32, value)
    this.putInt32(offset, length)
    return SIZE_OF_INT32 + length
  }

  /** Writes UTF-8 text. Returns the bytes written. */
  putStringWithoutLengthUtf8(offset: number, value: string): number {
    const encoded = encodeUtf8(value)
    this.#check('write a string', offset, encoded.length)
    this.bytes.set(encoded, offset)
    return encoded.length
  }

  #check(action: string, offset: number, length: number): void {
    checkSpan(action, offset, length, this.capacity)
  }

  // A negative offset could land in the lead; beyond the end Atomics throws by itself.
  #index32(action: string, offset: number): number {
    const place = offset + this.#lead
    if ((place & 3) !== 0 || offset < 0) throw misaligned(action, offset, SIZE_OF_INT32, this.byteOffset)
    return place >>> 2
  }

  #index64(action: string, offset: number): number {
    const place = offset + this.#lead
    if ((place & 7) !== 0 || offset < 0) throw misaligned(action, offset, SIZE_OF_INT64, this.byteOffset)
    return place >>> 3
  }
}
