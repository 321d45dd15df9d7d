import { inspect, isDeepStrictEqual, types } from 'node:util'

/** What the state of a service was at one moment, kept so that it can be compared later. */
export class StateDigest {
  readonly #value: unknown

  /** Keeps a copy: what the service changes later does not change it. Throws TypeError for what holds nothing that could be compared. */
  constructor(value: unknown) {
    checkComparable(value)
    this.#value = structuredClone(value)
  }

  equals(other: StateDigest): boolean {
    return isDeepStrictEqual(this.#value, other.#value)
  }

  /** The state in words, for an error. */
  get text(): string {
    return inspect(this.#value, { depth: 6, breakLength: 120, maxArrayLength: 32, maxStringLength: 400 })
  }
}

// Private fields are not copied: a digest that is an object of a class would be equal to any other, and the check would prove nothing.
function checkComparable(value: unknown): void {
  if (typeof value === 'function' || value === undefined || isOpaque(value)) {
    throw new TypeError(
      `Cannot compare states: digest must give a value that holds what it tells, such as a string, a number, an array or a plain object, ` +
        `current value is ${inspect(value)}`,
    )
  }
}

function isOpaque(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  if (types.isMap(value) || types.isSet(value) || ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value))
    return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null && !types.isDate(value)
}
