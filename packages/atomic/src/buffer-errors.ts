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
