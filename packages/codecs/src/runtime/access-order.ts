// The field-order checks of code that is generated with them. The stage of a flyweight counts the groups and
// variable-length data behind it: 0 is the block, -1 not wrapped, or in front of the first entry of a group.

/**
 * Checks that a flyweight stands on a block.
 *
 * @throws RangeError where it does not
 */
export function checkAccess(stage: number, name: string): void {
  if (stage < 0) {
    throw new RangeError(
      `Cannot access ${name}: its encoder or decoder is not on a message or entry; call wrap() or next() first`,
    )
  }
}

/**
 * Checks that groups and variable-length data are read in the order of the schema, each once.
 *
 * @param index the place of the one that is about to be read
 * @throws RangeError where it is not the next
 */
export function checkReadOrder(stage: number, index: number, name: string): void {
  checkAccess(stage, name)
  if (stage !== index) {
    throw new RangeError(
      `Cannot read ${name}: it is number ${index + 1} of the groups and variable-length data, and the next is number ${stage + 1}; ` +
        'read or skip all, once each, in the order of the schema, or rewind',
    )
  }
}

/**
 * Checks that all entries of a group are read before what follows it.
 *
 * @throws RangeError where some are not
 */
export function checkEntriesRead(read: number, count: number, name: string): void {
  if (read !== count) {
    throw new RangeError(
      `Cannot read what follows ${name}: ${read} of its ${count} entries are read; read all of them, or skip the group`,
    )
  }
}

/**
 * Checks that the groups and variable-length data of an entry are all read before the next entry.
 *
 * @throws RangeError where some are not
 */
export function checkTailRead(stage: number, count: number, name: string): void {
  if (stage !== count) {
    throw new RangeError(
      `Cannot read beyond this entry of ${name}: ${stage} of its ${count} groups and variable-length data are read; read or skip all of them`,
    )
  }
}
