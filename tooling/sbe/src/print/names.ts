import type { Problems } from '../parse/schema-error.ts'

// Globals and type names that generated code uses or could not be told from: a class of that name gets an underscore.
const TAKEN_NAMES = new Set([
  'Array',
  'BigInt',
  'Boolean',
  'DataView',
  'Number',
  'Object',
  'RangeError',
  'SbeBuffer',
  'String',
  'Symbol',
  'Uint8Array',
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
  readonly #taken = new Map<string, string>()

  constructor(problems: Problems, owner: string, reserved: readonly string[]) {
    this.#problems = problems
    this.#owner = owner
    this.#reserved = new Set(['constructor', ...reserved])
  }

  /** The member for a name of the schema; one that the class itself needs gets an underscore. */
  own(name: string, line: number): string {
    const member = memberName(name)
    return this.derived(this.#reserved.has(member) ? `${member}_` : member, name, line)
  }

  /** A member made from a name of the schema, such as `detailLength` from `detail`. */
  derived(member: string, name: string, line: number): string {
    const other = this.#taken.get(member)
    if (other !== undefined) {
      this.#problems.add(
        line,
        `Cannot generate "${name}" of ${this.#owner}: its member "${member}" is also one of "${other}"; rename one`,
      )
    }
    this.#taken.set(member, name)
    return member
  }
}
