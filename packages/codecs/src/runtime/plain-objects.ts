/** What the member of a plain object is to be. */
export type PlainKind = 'string' | 'number' | 'bigint' | 'object' | 'Uint8Array' | 'array'

/**
 * Checks a member of a plain object that is about to be encoded: the compiler does not see what comes out of JSON or plain
 * JavaScript, and most setters would write zeros for it.
 *
 * @throws TypeError where it is of another kind
 */
export function checkPlain<T>(value: T, kind: PlainKind, name: string): T {
  if (!isOfKind(value, kind))
    throw plainError(value, `${kind === 'array' ? 'an array' : `of type ${kind}`}`, name)
  return value
}

/** As checkPlain, for an array, all of whose elements are of one kind. */
export function checkPlainArray<T extends ArrayLike<unknown>>(
  values: T,
  kind: 'number' | 'bigint',
  name: string,
): T {
  checkPlain(values, 'array', name)
  for (let index = 0; index < values.length; index++) checkPlain(values[index], kind, `${name}[${index}]`)
  return values
}

/**
 * As checkPlain, for a member of an enum; null is taken for undefined.
 *
 * @throws TypeError where it is neither undefined nor a value of the enum, such as its name
 */
export function checkPlainEnum<T>(
  value: T | undefined,
  members: Readonly<Record<string, T>>,
  name: string,
): T | undefined {
  if (value === undefined || value === null) return undefined
  if (!Object.values(members).includes(value)) {
    const known = Object.entries(members).map(([member, of]) => `${member} (${shown(of)})`)
    throw plainError(value, `undefined or the value of a member: ${known.join(', ')}`, name)
  }
  return value
}

function isOfKind(value: unknown, kind: PlainKind): boolean {
  switch (kind) {
    case 'object':
      return typeof value === 'object' && value !== null
    case 'Uint8Array':
      return value instanceof Uint8Array
    case 'array':
      return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView))
    case 'string':
    case 'number':
    case 'bigint':
      return typeof value === kind
  }
}

function plainError(value: unknown, expected: string, name: string): TypeError {
  return new TypeError(`Cannot encode ${name}: it is ${shown(value)}, and should be ${expected}`)
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? 'an array'
      : 'an object'
    : String(value)
}
