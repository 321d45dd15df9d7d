/** Longest span of one buffer: offsets within it stay 31-bit integers, which engines keep unboxed. */
const MAX_CAPACITY = 0x7fff_ffff
const IS_LITTLE_ENDIAN: boolean = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1

interface Host {
  readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> }
}

/**
 * Whether `AtomicBuffer` checks offsets, lengths and alignment of each access, as it does unless AGRONA_DISABLE_BOUNDS_CHECKS is true in the
 * environment when this module is loaded. Source: Agrona's `agrona.disable.bounds.checks`.
 *
 * Without, what lies outside of the `ArrayBuffer` is still refused or ignored by the engine, whose typed arrays have bounds of their own; but mistakes are
 * not told any more: what lies beside the span in the same `ArrayBuffer` may be read, and up to 7 bytes before it written, a span is cut off at the end, an offset that is not aligned is rounded down, a load out of bounds gives `undefined`.
 */
export const CHECKS_BOUNDS: boolean = !/^(?:true|on|1)$/i.test(
  (globalThis as Host).process?.env?.['AGRONA_DISABLE_BOUNDS_CHECKS'] ?? '',
)

/** For an atomic access whose place in memory is not a multiple of its size, or that starts before the buffer. */
export function misaligned(action: string, offset: number, size: number, byteOffset: number): RangeError {
  return new RangeError(
    `Cannot ${action} at offset ${offset}: an atomic access of ${size} bytes must be ${size}-byte aligned in memory and inside the buffer, ` +
      `the buffer starts at byte offset ${byteOffset}`,
  )
}

/** For a 64-bit value that a number cannot hold exactly. */
export function unsafeInteger(action: string, offset: number, value: bigint | number): RangeError {
  return new RangeError(
    `Cannot ${action} at offset ${offset}: value must be a safe integer (within 2^53), current value is ${value}; use the bigint method for it`,
  )
}

/** For a span that is not inside the memory it is meant for. */
export function outOfBounds(action: string, offset: number, length: number, capacity: number): RangeError {
  return new RangeError(
    `Cannot ${action}: offset and length must lie within the capacity of ${capacity}, current values are ${offset} and ${length}`,
  )
}

/** @throws RangeError when a span is not inside the memory it is meant for */
export function checkSpan(action: string, offset: number, length: number, capacity: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= capacity)) {
    throw outOfBounds(action, offset, length, capacity)
  }
}

/** As {@link checkSpan}, unless the checks are switched off. @throws RangeError when a span is not inside the memory that is accessed */
export function checkAccess(action: string, offset: number, length: number, capacity: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= capacity) && CHECKS_BOUNDS) {
    throw outOfBounds(action, offset, length, capacity)
  }
}

/** @throws RangeError when a new buffer cannot have this capacity */
export function checkCapacity(capacity: number): void {
  if (!Number.isInteger(capacity) || capacity < 0 || capacity > MAX_CAPACITY) {
    throw new RangeError(
      `Cannot allocate a buffer: capacity must be an integer from 0 to ${MAX_CAPACITY}, current value is ${capacity}`,
    )
  }
}

/** @throws RangeError when a span of memory cannot be wrapped; Error on a big-endian host */
export function checkWrap(memoryLength: number, byteOffset: number, length: number): void {
  if (!IS_LITTLE_ENDIAN) {
    throw new Error('Cannot wrap memory: the host is big endian, and the shared structures are little endian')
  }
  if (!Number.isInteger(byteOffset) || !Number.isInteger(length)) {
    throw outOfBounds('wrap memory', byteOffset, length, memoryLength)
  }
  checkSpan('wrap memory', byteOffset, length, memoryLength)
  if (length > MAX_CAPACITY) {
    throw new RangeError(
      `Cannot wrap memory: length must be at most ${MAX_CAPACITY}, current value is ${length}; wrap it in parts`,
    )
  }
}
