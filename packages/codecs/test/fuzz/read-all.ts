import { SchemaMismatchError } from '../../src/runtime/index.ts'

/** Entries that one case may be made to read: a count that costs nothing on the wire keeps no reader for long. */
const MAX_ENTRIES = 200_000

/**
 * Reads everything that a decoder, group or composite has: getters, cursors, arrays, copies. Returns what it read as one
 * text, in which an error stands as its message. Throws where an error is not one that is documented.
 */
export class ReadAll {
  readonly #target = new Uint8Array(4096)
  #text: string[] = []
  #left = MAX_ENTRIES

  /** All that a decoder gives, as text. */
  read(flyweight: object): string {
    this.#text = []
    this.#left = MAX_ENTRIES
    this.#readMembers(flyweight)
    return this.#text.join('|')
  }

  #readMembers(flyweight: object): void {
    for (const [name, property] of membersOf(flyweight)) {
      const value = this.#documented(() => {
        if (property.get !== undefined) return property.get.call(flyweight) as unknown
        const method = property.value as (argument?: unknown) => unknown
        return method.call(flyweight, name.startsWith('copy') ? this.#target : 0)
      })
      if (value instanceof Uint8Array)
        this.#text.push(String(value.length), String(value[0]), String(value.at(-1)))
      else if (value === null || typeof value !== 'object') this.#text.push(String(value))
      else if ('next' in value) this.#readEntries(value as { next(): boolean })
      else this.#readMembers(value)
    }
  }

  #readEntries(cursor: { next(): boolean }): void {
    while (this.#documented(() => cursor.next()) === true) {
      if (--this.#left < 0) throw new Error('a group keeps its reader busy')
      // A few entries tell as much as all of those of no bytes.
      if (this.#left > MAX_ENTRIES - 2_000) this.#readMembers(cursor)
    }
  }

  #documented(action: () => unknown): unknown {
    try {
      return action()
    } catch (error) {
      if (error instanceof RangeError || error instanceof SchemaMismatchError) return error.message
      throw error
    }
  }
}

/** Names that move or print; they are called on the whole. */
const WHOLE = /^(?:sbe|wrap|toJSON|toString|toObject|constructor|next$)/
const members = new WeakMap<object, [string, PropertyDescriptor][]>()

function membersOf(flyweight: object): [string, PropertyDescriptor][] {
  const prototype = Object.getPrototypeOf(flyweight) as object
  const known = members.get(prototype)
  if (known !== undefined) return known
  const found = Object.entries(Object.getOwnPropertyDescriptors(prototype)).filter(
    ([name]) => !WHOLE.test(name),
  )
  members.set(prototype, found)
  return found
}
