// What is thrown is made in functions of their own: V8 inlines the checks into the generated code only as long as they are short.

/** For each version that added to a block or composite, the version and the bytes that the fields up to it need; ascending. */
export type BlockLengths = readonly (readonly [version: number, length: number])[]

/**
 * The end of what may be read: `length` bytes from `offset`, or the whole buffer where no length is given.
 *
 * @throws RangeError where the buffer or the block does not reach so far
 */
export function checkedEnd(
  capacity: number,
  offset: number,
  blockLength: number,
  length: number | undefined,
  name: string,
): number {
  const end = length === undefined ? capacity : offset + length
  // Negated, so that NaN fails too.
  if (!(offset >= 0 && offset + blockLength <= end && end <= capacity))
    throw checkedEndError(offset, blockLength, name, end, capacity)
  return end
}

/**
 * Checks an acting block length that is shorter than ours: it must hold every field of its version.
 *
 * @throws RangeError where it does not
 */
export function checkBlockLength(
  blockLength: number,
  version: number,
  lengths: BlockLengths,
  name: string,
): void {
  const needed = blockLengthAt(lengths, version)
  if (!(blockLength >= needed)) {
    throw new RangeError(
      `Cannot decode ${name}: the block length is ${blockLength}, and version ${version} has at least ${needed}; ` +
        'the message header or group dimensions are damaged',
    )
  }
}

/** The bytes of a block or composite that a version needs. */
export function blockLengthAt(lengths: BlockLengths, version: number): number {
  let needed = 0
  for (const [since, length] of lengths) {
    if (since <= version) needed = length
  }
  return needed
}

/**
 * Checks that a block fits where it is about to be written.
 *
 * @throws RangeError where it does not
 */
export function checkRoom(capacity: number, offset: number, length: number, name: string): void {
  if (!(offset >= 0 && offset + length <= capacity)) throw checkRoomError(capacity, offset, length, name)
}

/**
 * The most entries of no bytes that a group may have: they cost nothing on the wire, and a count of 32 bits would keep
 * a reader busy for minutes. Ours: what a count of 16 bits can say, the usual dimension type of SBE.
 */
const MAX_EMPTY_ENTRIES = 0xffff

/**
 * Checks the entries of a group, whose count and block length came from the wire, against the end of the message.
 *
 * @throws RangeError where they do not fit, or are more than 65,535 of no bytes
 */
export function checkGroup(
  first: number,
  blockLength: number,
  count: number,
  end: number,
  name: string,
): void {
  if (first + blockLength * count > end) throw checkGroupError(first, blockLength, count, end, name)
  if (blockLength === 0 && count > MAX_EMPTY_ENTRIES) throw emptyEntriesError(count, name)
}

/**
 * Checks that the block of the next entry of a group is within the message.
 *
 * @throws RangeError where it is not
 */
export function checkEntry(offset: number, blockLength: number, end: number, name: string): void {
  if (offset + blockLength > end) throw checkedEndError(offset, blockLength, name, end)
}

/**
 * Checks that a group header is within the message.
 *
 * @throws RangeError where it is not
 */
export function checkGroupHeader(at: number, headerLength: number, end: number, name: string): void {
  if (at + headerLength > end) throw checkGroupHeaderError(at, end, name)
}

/**
 * Checks the index of an element of an array of fixed length.
 *
 * @throws RangeError where it is not one
 */
export function checkIndex(index: number, length: number, name: string): void {
  if (!(index >= 0 && index < length && Number.isInteger(index))) throw checkIndexError(index, length, name)
}

/**
 * The bytes behind the message header, of a message whose length is known.
 *
 * @throws RangeError where the header does not fit in it
 */
export function lengthBehindHeader<T extends number | undefined>(
  length: T,
  headerLength: number,
  name: string,
): T | number {
  if (length === undefined) return length
  if (!(length >= headerLength)) throw lengthBehindHeaderError(length, headerLength, name)
  return length - headerLength
}

function checkedEndError(
  offset: number,
  blockLength: number,
  name: string,
  end: number,
  capacity: number = end,
): RangeError {
  return new RangeError(
    `Cannot decode ${name}: ${blockLength} bytes of block at ${offset} go beyond the end of the message ` +
      `at ${end} or of the buffer at ${capacity}; the message is truncated or the offset is wrong`,
  )
}

function checkRoomError(capacity: number, offset: number, length: number, name: string): RangeError {
  return new RangeError(
    `Cannot encode ${name}: ${length} bytes at ${offset} go beyond the end of the buffer ` +
      `at ${capacity}; give a larger buffer`,
  )
}

function checkGroupError(
  first: number,
  blockLength: number,
  count: number,
  end: number,
  name: string,
): RangeError {
  return new RangeError(
    `Cannot decode ${name}: ${count} entries of ${blockLength} bytes at ${first} go beyond the end of the ` +
      `message at ${end}; the message is truncated or damaged`,
  )
}

function emptyEntriesError(count: number, name: string): RangeError {
  return new RangeError(
    `Cannot decode ${name}: ${count} entries have a block of no bytes, and may be ${MAX_EMPTY_ENTRIES} at most; the message is damaged`,
  )
}

function checkGroupHeaderError(at: number, end: number, name: string): RangeError {
  return new RangeError(
    `Cannot decode ${name}: its dimensions at ${at} go beyond the end of the message at ${end}; ` +
      'the message is truncated',
  )
}

function checkIndexError(index: number, length: number, name: string): RangeError {
  return new RangeError(
    `Cannot reach ${name}[${index}]: the index should be an integer from 0 to ${length - 1}`,
  )
}

function lengthBehindHeaderError(length: number, headerLength: number, name: string): RangeError {
  return new RangeError(
    `Cannot decode ${name}: the message has ${length} bytes, and its header ${headerLength}; the message is truncated`,
  )
}
