import { SIZE_OF_INT32, SIZE_OF_INT64 } from './bit-util.ts'
import {
  CHECKS_BOUNDS,
  checkAccess,
  checkCapacity,
  checkSpan,
  checkWrap,
  misaligned,
  unsafeInteger,
} from './buffer-checks.ts'
import type { ByteWindows } from './byte-windows.ts'
import { copyBufferToArray, copyUnchecked } from './copy-bytes.ts'
import { loadAcquire, loadInt64Acquire, storeRelease } from './ordered-access.ts'
import { encodeUtf8, readAscii, readUtf8, writeAscii } from './string-encoding.ts'
import { setBytes } from './typed-array.ts'

const TWO_POW_32 = 0x1_0000_0000

/**
 * A range of memory with typed accessors and explicit memory orderings: Agrona's `UnsafeBuffer` over any `ArrayBuffer`, `SharedArrayBuffer` or
 * external memory, such as a mapped file.
 *
 * Plain methods (`getInt32`, `putInt64` ...) accept any offset, are little endian, and guarantee nothing between threads or processes: neither an order, nor
 * that a value being written concurrently is read whole, because V8 performs them byte by byte until they are compiled.
 * Methods named `...Acquire`, `...Release`, `getAndAdd...`, `getAndSet...` and `compareAndSet...` order memory accesses, and need an offset that is naturally
 * aligned in memory (4 or 8 bytes). Read-modify-writes are full barriers. The others order exactly as their names say: to make sure that a store is seen before
 * a later load, use {@link fullFence}. 64-bit values are `bigint`, except in `...AsNumber` and `...FromNumber`, which are meant for positions and lengths.
 *
 * Offsets are in bytes from the start of the buffer. Out-of-bounds and misaligned atomic accesses throw a `RangeError`, unless
 * AGRONA_DISABLE_BOUNDS_CHECKS is `true` in the environment when the package is loaded.
 */
export class AtomicBuffer {
  /** The memory under this buffer. */
  readonly memory: ArrayBufferLike
  /** Offset in bytes at which the buffer starts in {@link memory}. */
  readonly byteOffset: number
  /** Length of the buffer, in bytes. */
  readonly capacity: number
  /** The bytes of exactly this buffer. */
  readonly bytes: Uint8Array
  /** A data view of exactly this buffer. */
  readonly view: DataView
  /**
   * The buffer as int32 words, for loops that use {@link loadAcquire} and {@link storeRelease} or plain accesses: word `i` is at offset `4 * i`. Nothing is
   * checked: reads out of bounds return `undefined`, and writes are ignored. Empty when the buffer does not start at a multiple of 8 bytes.
   */
  readonly words: Int32Array

  /** @internal Bytes between the last multiple of 8 in memory at or before the span, where {@link longs} starts, and the span. */
  readonly lead: number
  /** @internal */
  readonly longs: BigInt64Array
  /** @internal Of which copies have been made, once there were any. */
  windows: ByteWindows | undefined
  // Starts where `longs` does, so that one shift turns an offset into an index.
  private readonly int32: Int32Array

  private constructor(memory: ArrayBufferLike, byteOffset: number, capacity: number) {
    // By `&`, whose result is an int32: one that may be -0 made a double of the field, and each use of it a conversion.
    const lead = byteOffset & (SIZE_OF_INT64 - 1)
    const start = byteOffset - lead
    const reach = lead + capacity
    this.memory = memory
    this.byteOffset = byteOffset
    this.capacity = capacity
    this.bytes = new Uint8Array(memory, byteOffset, capacity)
    this.view = new DataView(memory, byteOffset, capacity)
    this.windows = undefined
    this.lead = lead
    this.int32 = new Int32Array(memory, start, Math.floor(reach / SIZE_OF_INT32))
    this.words = lead === 0 ? this.int32 : this.int32.subarray(0, 0)
    this.longs = new BigInt64Array(memory, start, Math.floor(reach / SIZE_OF_INT64))
  }

  /**
   * Allocates a buffer with memory of its own, zero-filled and 8-byte aligned.
   *
   * @throws RangeError when `capacity` is not an integer from 0 to 2^31 - 1
   */
  static allocate(capacity: number): AtomicBuffer {
    checkCapacity(capacity)
    return AtomicBuffer.wrap(new ArrayBuffer(capacity))
  }

  /**
   * Wraps existing memory without copying it.
   *
   * @param memory the memory; a view (`Uint8Array`, `Buffer`, `DataView` ...) is wrapped from where it starts
   * @param byteOffset offset in bytes, from the start of `memory`, at which the buffer starts
   * @param length length of the buffer in bytes; by default the rest of `memory`
   * @throws RangeError when the range is not inside `memory`, or longer than 2^31 - 1
   */
  static wrap(memory: ArrayBufferLike | ArrayBufferView, byteOffset = 0, length?: number): AtomicBuffer {
    const span = length ?? memory.byteLength - byteOffset
    checkWrap(memory.byteLength, byteOffset, span)
    return ArrayBuffer.isView(memory)
      ? new AtomicBuffer(memory.buffer, memory.byteOffset + byteOffset, span)
      : new AtomicBuffer(memory, byteOffset, span)
  }

  /** Returns a buffer over `length` bytes of this one from `offset`, sharing its memory. */
  slice(offset: number, length: number): AtomicBuffer {
    checkSpan('slice', offset, length, this.capacity)
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
   * @throws RangeError when the value is not a safe integer, such as 2^63 - 1, the end of an open stream: read that with {@link getInt64}
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
   * Writes a position or length as a 64-bit value, without allocation. It makes two 32-bit stores, of which a concurrent reader may see only one.
   *
   * @throws RangeError when `value` is not a safe integer
   */
  putInt64FromNumber(offset: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw unsafeInteger('write a number as an int64', offset, value)
    this.view.setInt32(offset + SIZE_OF_INT32, Math.floor(value / TWO_POW_32), true)
    this.view.setUint32(offset, value, true)
  }

  getInt32Acquire(offset: number): number {
    return loadAcquire(this.int32, this.index32('read an int32', offset))
  }

  putInt32Release(offset: number, value: number): void {
    storeRelease(this.int32, this.index32('write an int32', offset), value)
  }

  /** Adds `delta`, wrapping around at 32 bits. @returns the previous value */
  getAndAddInt32(offset: number, delta: number): number {
    return Atomics.add(this.int32, this.index32('add to an int32', offset), delta)
  }

  /** Writes `update` if the value is `expected` (an int32). @returns whether it did */
  compareAndSetInt32(offset: number, expected: number, update: number): boolean {
    const index = this.index32('compare and set an int32', offset)
    return Atomics.compareExchange(this.int32, index, expected, update) === expected
  }

  /** Writes `value`. @returns the previous value */
  getAndSetInt32(offset: number, value: number): number {
    return Atomics.exchange(this.int32, this.index32('exchange an int32', offset), value)
  }

  getInt64Acquire(offset: number): bigint {
    return Atomics.load(this.longs, this.index64('read an int64', offset))
  }

  putInt64Release(offset: number, value: bigint): void {
    Atomics.store(this.longs, this.index64('write an int64', offset), value)
  }

  /** Adds `delta`, wrapping around at 64 bits. @returns the previous value */
  getAndAddInt64(offset: number, delta: bigint): bigint {
    return Atomics.add(this.longs, this.index64('add to an int64', offset), delta)
  }

  /** Writes `update` if the value is `expected`. @returns whether it did */
  compareAndSetInt64(offset: number, expected: bigint, update: bigint): boolean {
    const index = this.index64('compare and set an int64', offset)
    return Atomics.compareExchange(this.longs, index, expected, update) === expected
  }

  /** Writes `value`. @returns the previous value */
  getAndSetInt64(offset: number, value: bigint): bigint {
    return Atomics.exchange(this.longs, this.index64('exchange an int64', offset), value)
  }

  /**
   * Reads a 64-bit position or length as a number, with acquire ordering and without allocation. It never combines the halves of two stores.
   *
   * @throws RangeError when the value is not a safe integer, such as 2^63 - 1, the end-of-stream position of an open log: read that with
   *   {@link getInt64Acquire}
   */
  getInt64AsNumberAcquire(offset: number): number {
    const value = loadInt64Acquire(this.int32, this.index64('read an int64 as a number', offset) << 1)
    if (!Number.isSafeInteger(value)) {
      throw unsafeInteger('read an int64 as a number', offset, this.getInt64Acquire(offset))
    }
    return value
  }

  /**
   * Writes a position or length as a 64-bit value, with release ordering. It makes one 32-bit store of the low word, without allocation, or one 64-bit
   * store if the high word changes. For single writers only: the high word of a second writer could be lost.
   *
   * @throws RangeError when `value` is not a safe integer
   */
  putInt64FromNumberRelease(offset: number, value: number): void {
    const index = this.index64('write a number as an int64', offset)
    if (!Number.isSafeInteger(value)) throw unsafeInteger('write a number as an int64', offset, value)
    if (this.int32[(index << 1) + 1] === Math.floor(value / TWO_POW_32)) {
      storeRelease(this.int32, index << 1, value | 0)
    } else {
      Atomics.store(this.longs, index, BigInt(value))
    }
  }

  /**
   * Copies `length` bytes from `offset` of this buffer into `target` at `targetOffset`. They must not overlap in memory.
   *
   * @throws RangeError when either range is out of bounds
   */
  getBytes(offset: number, target: Uint8Array | AtomicBuffer, targetOffset: number, length: number): void {
    // Not instanceof, which costs 10 ns on Node.js 20.
    if (!ArrayBuffer.isView(target)) {
      target.putBytes(targetOffset, this, offset, length)
      return
    }
    this.checkSpan('get bytes', offset, length)
    checkAccess('get bytes into the target', targetOffset, length, target.length)
    copyBufferToArray(this, offset, target, targetOffset, length)
  }

  /**
   * Copies `length` bytes from `source` at `sourceOffset` into this buffer at `offset`. They must not overlap in memory.
   *
   * @throws RangeError when either range is out of bounds
   */
  putBytes(offset: number, source: Uint8Array | AtomicBuffer, sourceOffset: number, length: number): void {
    this.checkSpan('put bytes', offset, length)
    const capacity = ArrayBuffer.isView(source) ? source.length : source.capacity
    checkAccess('put bytes from the source', sourceOffset, length, capacity)
    copyUnchecked(source, sourceOffset, this, offset, length)
  }

  /** Sets `length` bytes from `offset` to `value`. */
  setMemory(offset: number, length: number, value: number): void {
    this.checkSpan('set memory', offset, length)
    this.bytes.fill(value, offset, offset + length)
  }

  /** Reads ASCII text that is prefixed with its length in bytes, an int32. */
  getStringAscii(offset: number): string {
    return this.getStringWithoutLengthAscii(offset + SIZE_OF_INT32, this.getInt32(offset))
  }

  /** Reads `length` bytes of ASCII text; a byte that is not ASCII becomes U+FFFD. */
  getStringWithoutLengthAscii(offset: number, length: number): string {
    this.checkSpan('read a string', offset, length)
    return readAscii(this.bytes, offset, length)
  }

  /** Writes ASCII text prefixed with its length, an int32; other characters become `?`. @returns the bytes written, including the 4 of the length */
  putStringAscii(offset: number, value: string): number {
    const length = this.putStringWithoutLengthAscii(offset + SIZE_OF_INT32, value)
    this.putInt32(offset, length)
    return SIZE_OF_INT32 + length
  }

  /** Writes ASCII text; other characters become `?`. @returns the bytes written */
  putStringWithoutLengthAscii(offset: number, value: string): number {
    this.checkSpan('write a string', offset, value.length)
    writeAscii(this.bytes, offset, value)
    return value.length
  }

  /** Reads UTF-8 text that is prefixed with its length in bytes, an int32. */
  getStringUtf8(offset: number): string {
    return this.getStringWithoutLengthUtf8(offset + SIZE_OF_INT32, this.getInt32(offset))
  }

  /** Reads `length` bytes of UTF-8 text; malformed sequences become U+FFFD. */
  getStringWithoutLengthUtf8(offset: number, length: number): string {
    this.checkSpan('read a string', offset, length)
    return readUtf8(this.bytes, offset, length)
  }

  /** Writes UTF-8 text prefixed with its length in bytes, an int32. @returns the bytes written, including the 4 of the length */
  putStringUtf8(offset: number, value: string): number {
    const length = this.putStringWithoutLengthUtf8(offset + SIZE_OF_INT32, value)
    this.putInt32(offset, length)
    return SIZE_OF_INT32 + length
  }

  /** Writes UTF-8 text. @returns the bytes written */
  putStringWithoutLengthUtf8(offset: number, value: string): number {
    const encoded = encodeUtf8(value)
    this.checkSpan('write a string', offset, encoded.length)
    setBytes(this.bytes, encoded, offset)
    return encoded.length
  }

  private checkSpan(action: string, offset: number, length: number): void {
    checkAccess(action, offset, length, this.capacity)
  }

  // A negative offset could land in the lead, and past the end a plain access would be ignored. From its index, a misaligned offset, a fraction
  // and one past 2^32 do not come back. Whether to check is asked last: it is a variable once bundled, and costs more than the comparisons.
  private index32(action: string, offset: number): number {
    const place = offset + this.lead
    const index = place >>> 2
    if ((index * SIZE_OF_INT32 !== place || offset < 0 || index >= this.int32.length) && CHECKS_BOUNDS) {
      throw misaligned(action, offset, SIZE_OF_INT32, this.byteOffset)
    }
    return index
  }

  private index64(action: string, offset: number): number {
    const place = offset + this.lead
    const index = place >>> 3
    if ((index * SIZE_OF_INT64 !== place || offset < 0 || index >= this.longs.length) && CHECKS_BOUNDS) {
      throw misaligned(action, offset, SIZE_OF_INT64, this.byteOffset)
    }
    return index
  }
}
