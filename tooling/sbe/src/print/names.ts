import type { Location, Problems } from '../parse/schema-error.ts'

// Globals, and types of the runtime, that generated code uses or could not be told from: a class, enum or set of that
// name gets an underscore.
const TAKEN_NAMES = new Set([
  'Array',
  'ArrayLike',
  'BigInt',
  'BlockLengths',
  'Boolean',
  'DataView',
  'EncodeLimit',
  'Infinity',
  'Json',
  'MessageDispatcher',
  'MessageHandlers',
  'NaN',
  'Number',
  'Object',
  'RangeError',
  'Readonly',
  'SbeBuffer',
  'String',
  'Symbol',
  'Uint8Array',
  'WritableArray',
])

/** `sessionEvent`, `session_event` or `SessionEvent` to `SessionEvent`. */
export function pascalName(name: string): string {
  const pascal = name
    .split('_')
    .filter((part) => part !== '')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
  const safe = pascal === '' || /^[0-9]/.test(pascal) ? `_${pascal}` : pascal
  return TAKEN_NAMES.has(safe) ? `${safe}_` : safe
}

/** A field name as a member: its first letter in lower case, as in SBE's Java. */
export function memberName(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

/** A name as a key of an object; one that would set its prototype is computed. */
export function keyOf(name: string): string {
  return name === '__proto__' ? "['__proto__']" : name
}

/** What ends the field in front of a method: a method of this name would else be an operator behind the field. */
export function fieldEnd(method: string): string {
  return method === 'in' || method === 'instanceof' ? ';' : ''
}

/** `leaderHeartbeatTimeoutNs` to `LEADER_HEARTBEAT_TIMEOUT_NS`. */
export function constantName(name: string): string {
  return words(name).join('_').toUpperCase()
}

/** `SessionEvent` to `session-event`. */
export function fileName(name: string): string {
  return words(name).join('-').toLowerCase()
}

function words(name: string): string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .split('_')
    .filter((part) => part !== '')
}

/** The members of one generated class: gives each its name, and reports those that would meet. */
export class MemberNames {
  readonly #problems: Problems
  readonly #owner: string
  readonly #reserved: ReadonlySet<string>
  readonly #own: ReadonlySet<string>
  readonly #taken = new Map<string, string>()
  readonly #members = new Map<string, string>()

  /** @param names all names of the schema in this class: a derived member gives way to them */
  constructor(problems: Problems, owner: string, reserved: readonly string[], names: readonly string[]) {
    this.#problems = problems
    this.#owner = owner
    this.#reserved = new Set(['constructor', 'toJSON', 'toString', 'valueOf', ...reserved])
    this.#own = new Set(names.map((name) => this.#safe(name)))
  }

  /** The member for a name of the schema; one that the class itself needs gets an underscore. */
  own(name: string, at: Location): string {
    const member = this.#safe(name)
    const other = this.#taken.get(member)
    if (other !== undefined) {
      this.#problems.add(
        at,
        `Cannot generate "${name}" of ${this.#owner}: its member "${member}" is also one of "${other}"; rename one`,
      )
    }
    this.#taken.set(member, name)
    this.#members.set(name, member)
    return member
  }

  /** The member that own() gave for a name of the schema, or derived() under a key. */
  of(key: string): string {
    const member = this.#members.get(key)
    if (member === undefined) throw new Error(`Cannot generate "${key}" of ${this.#owner}: it has no member`)
    return member
  }

  /**
   * A member made from a name of the schema, such as `detailLength` from `detail`. It gets underscores where a name of
   * the schema or the class itself has it. `key` is what of() finds it by.
   */
  derived(member: string, name: string, key?: string): string {
    let free = member
    while (this.#reserved.has(free) || this.#own.has(free) || this.#taken.has(free)) free += '_'
    this.#taken.set(free, name)
    if (key !== undefined) this.#members.set(key, free)
    return free
  }

  #safe(name: string): string {
    const member = memberName(name)
    return this.#reserved.has(member) ? `${member}_` : member
  }
}
