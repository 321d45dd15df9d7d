/** For each version that added to a block, the version and the bytes that the fields up to it need; ascending. */
export type BlockLengths = readonly (readonly [version: number, length: number])[]

/**
 * The end of what may be read: `length` bytes from `offset`, or the whole buffer where no length is given.
 *
 * @throws RangeError where the buffer or the block does not reach so far
 */
export function checkedEnd(
  view: DataView,
  offset: number,
  blockLength: number,
  length: number | undefined,
  name: string,
): number {
  const capacity = view.byteLength
  const end = length === undefined ? capacity : offset + length
  // Negated, so that NaN fails too.
  if (!(offset >= 0 && offset + blockLength <= end && end <= capacity)) {
    throw new RangeError(
      `Cannot decode ${name}: ${blockLength} bytes of block at ${offset} go beyond the end of the message ` +
        `at ${end} or of the buffer at ${capacity}; the message is truncated or the offset is wrong`,
    )
  }
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
  let needed = 0
  for (const [since, length] of lengths) {
    if (since <= version) needed = length
  }
  if (!(blockLength >= needed)) {
    throw new RangeError(
      `Cannot decode ${name}: the block length is ${blockLength}, and version ${version} has at least ${needed}; ` +
        'the message header or group dimensions are damaged',
    )
  }
}

/**
 * Checks that a block fits where it is about to be written.
 *
 * @throws RangeError where it does not
 */
export function checkRoom(view: DataView, offset: number, length: number, name: string): void {
  if (!(offset >= 0 && offset + length <= view.byteLength)) {
    throw new RangeError(
      `Cannot encode ${name}: ${length} bytes at ${offset} go beyond the end of the buffer ` +
        `at ${view.byteLength}; give a larger buffer`,
    )
  }
}

/**
 * The start of the first entry of a group whose count and block length came from the wire.
 *
 * @throws RangeError where the entries do not fit in the message
 */
export function checkedGroup(
  at: number,
  headerLength: number,
  blockLength: number,
  count: number,
  end: number,
  name: string,
): number {
  const start = at + headerLength
  if (start + blockLength * count > end) {
    throw new RangeError(
      `Cannot decode ${name}: ${count} entries of ${blockLength} bytes at ${start} go beyond the end of the ` +
        `message at ${end}; the message is truncated or damaged`,
    )
  }
  return start
}

/**
 * Checks that a group header is within the message.
 *
 * @throws RangeError where it is not
 */
export function checkGroupHeader(at: number, headerLength: number, end: number, name: string): void {
  if (at + headerLength > end) {
    throw new RangeError(
      `Cannot decode ${name}: its dimensions at ${at} go beyond the end of the message at ${end}; ` +
        'the message is truncated',
    )
  }
}

/**
 * Checks the index of an element of an array of fixed length.
 *
 * @throws RangeError where it is not one
 */
export function checkIndex(index: number, length: number, name: string): void {
  if (!(index >= 0 && index < length && Number.isInteger(index))) {
    throw new RangeError(
      `Cannot reach ${name}[${index}]: the index should be an integer from 0 to ${length - 1}`,
    )
  }
}
