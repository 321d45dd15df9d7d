// What is thrown is made in functions of their own: V8 inlines the checks into the generated code only as long as they are short.

/** What a message encoder and the encoders of its groups share. */
export class EncodeLimit {
  /** The end of what is written so far. */
  value = 0
  /** Bytes of the buffer. */
  capacity = 0
}

/**
 * Checks that groups and variable-length data are written in the order of the schema, each once.
 *
 * @param stage how many are written
 * @param index the place of the one that is about to be written
 * @throws RangeError where it is not the next
 */
export function checkOrder(stage: number, index: number, name: string): void {
  if (stage !== index) throw checkOrderError(stage, index, name)
}

/**
 * Checks that all entries of a group are written before what follows it.
 *
 * @throws RangeError where some are not
 */
export function checkEntries(written: number, count: number, name: string): void {
  if (written !== count) throw checkEntriesError(written, count, name)
}

/**
 * Checks that the groups and variable-length data of an entry are all written before the next entry.
 *
 * @throws RangeError where some are not
 */
export function checkTail(stage: number, count: number, name: string): void {
  if (stage !== count) throw checkTailError(stage, count, name)
}

/**
 * Checks that a group has another entry.
 *
 * @throws RangeError where it has not
 */
export function checkNext(index: number, count: number, name: string): void {
  if (index >= count) throw checkNextError(count, name)
}

/**
 * Checks that a message is whole.
 *
 * @param stage how many of its groups and variable-length data are written; -1 before wrap()
 * @throws RangeError where some are not
 */
export function checkComplete(stage: number, count: number, name: string): void {
  if (stage !== count) {
    throw new RangeError(
      stage < 0
        ? `Cannot complete ${name}: it is not started; call wrap() first`
        : `Cannot complete ${name}: ${stage} of its ${count} groups and variable-length data are written; write all of them`,
    )
  }
}

function checkOrderError(stage: number, index: number, name: string): RangeError {
  return new RangeError(
    `Cannot encode ${name}: it is number ${index + 1} of the groups and variable-length data, and ${stage} ` +
      `${stage === 1 ? 'is' : 'are'} written; write all, once each, in the order of the schema`,
  )
}

function checkEntriesError(written: number, count: number, name: string): RangeError {
  return new RangeError(
    `Cannot encode what follows ${name}: ${written} of its ${count} entries are complete; write all of them first`,
  )
}

function checkTailError(stage: number, count: number, name: string): RangeError {
  return new RangeError(
    `Cannot encode beyond this entry of ${name}: ${stage} of its ${count} groups and variable-length data are written; write all of them first`,
  )
}

function checkNextError(count: number, name: string): RangeError {
  return new RangeError(
    `Cannot encode another entry of ${name}: all ${count} are written; start it with a larger count`,
  )
}
