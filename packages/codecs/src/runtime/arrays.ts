/** What elements are copied to: an array, or a typed array. */
export interface WritableArray<T> {
  readonly length: number
  [index: number]: T
}

/**
 * Checks that the elements of an array of fixed length fit in what they are copied to.
 *
 * @throws RangeError where they do not
 */
export function checkTarget(targetLength: number, targetOffset: number, count: number, name: string): void {
  if (!(targetOffset >= 0 && targetOffset + count <= targetLength && Number.isInteger(targetOffset))) {
    throw new RangeError(
      `Cannot copy ${name}: ${count} elements at ${targetOffset} go beyond the end of the target at ${targetLength}; give a larger target`,
    )
  }
}

/**
 * The number of elements that are put in an array of fixed length.
 *
 * @throws RangeError where they are not in the source, or more than the array has
 */
export function checkedSource(
  sourceLength: number,
  sourceOffset: number,
  length: number | undefined,
  max: number,
  name: string,
): number {
  const count = length ?? sourceLength - sourceOffset
  if (!(sourceOffset >= 0 && count >= 0 && sourceOffset + count <= sourceLength)) {
    throw new RangeError(
      `Cannot encode ${name}: ${count} elements at ${sourceOffset} are not within the source of ${sourceLength}; correct the offset or length`,
    )
  }
  if (count > max) {
    throw new RangeError(
      `Cannot encode ${name}: it is given ${count} elements, and should have at most ${max}`,
    )
  }
  return count
}

/** The elements of an array of fixed length, in a new array. */
export function arrayOf<T>(length: number, element: (index: number) => T): T[] {
  return Array.from({ length }, (_, index) => element(index))
}

/** The entries of a group as plain objects. */
export function entriesOf<T>(cursor: { next(): boolean; sbeObject(): T }): T[] {
  const entries: T[] = []
  while (cursor.next()) entries.push(cursor.sbeObject())
  return entries
}

/** A value, or undefined where it is the null value. */
export function undefinedIfNull<T extends number | bigint>(value: T, nullValue: T): T | undefined {
  return Object.is(value, nullValue) || Number.isNaN(value) ? undefined : value
}

/** A property that the object has itself; undefined where it only inherits one of the name. */
export function ownProperty<T extends object, K extends keyof T>(object: T, key: K): T[K] {
  return Object.hasOwn(object, key) ? object[key] : (undefined as T[K])
}

/** Fills a span with zeros. */
export function putZeros(view: DataView, offset: number, length: number): void {
  for (let i = 0; i < length; i++) view.setUint8(offset + i, 0)
}
