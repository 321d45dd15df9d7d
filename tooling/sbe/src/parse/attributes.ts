import type { Described, Presence } from './schema-model.ts'
import type { Problems } from './schema-error.ts'
import type { XmlElement } from './xml.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
const DESCRIBED = ['name', 'description', 'sinceVersion', 'deprecated', 'semanticType']

/** Reads the attributes of one element, reporting those that are missing, malformed or not known. */
export class Attributes {
  readonly element: XmlElement
  readonly #problems: Problems
  #described: Described | undefined

  /** @param known names of attributes beside those that every element has; undefined where another reports the others */
  constructor(element: XmlElement, problems: Problems, known: readonly string[] | undefined) {
    this.element = element
    this.#problems = problems
    if (known === undefined) return
    for (const name of element.attributes.keys()) {
      if (!known.includes(name) && !DESCRIBED.includes(name)) {
        this.warn(`attribute "${name}" of <${element.name}> is not one of SBE, and has no effect; remove it`)
      }
    }
  }

  problem(message: string): void {
    this.#problems.add(this.element, `Cannot use the schema: ${message}`)
  }

  warn(message: string): void {
    this.#problems.warn(this.element, message)
  }

  text(name: string): string | undefined {
    return this.element.attributes.get(name)
  }

  required(name: string): string {
    const value = this.text(name)
    if (value === undefined || value === '') {
      this.problem(`<${this.element.name}> has ${value === '' ? 'an empty' : 'no'} "${name}"; add it`)
    }
    return value ?? ''
  }

  /** A whole number from 0 to `max`. */
  integer(name: string, max: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = /^\+?[0-9]+$/.test(text) ? Number(text) : Number.NaN
    if (!(value <= max)) {
      this.problem(
        `"${name}" of <${this.element.name}> is "${text}"; make it a whole number from 0 to ${max}`,
      )
      return undefined
    }
    return value
  }

  requiredInteger(name: string, max: number): number {
    if (this.text(name) === undefined) this.required(name)
    return this.integer(name, max) ?? 0
  }

  presence(): Presence | undefined {
    const text = this.text('presence')
    if (text === undefined || text === 'required' || text === 'optional' || text === 'constant') return text
    this.problem(`presence is "${text}"; make it required, optional or constant`)
    return undefined
  }

  /** What all named parts have. Read once: a second call gives the same without reporting again. */
  described(): Described {
    this.#described ??= this.#readDescribed()
    return this.#described
  }

  #readDescribed(): Described {
    const name = this.required('name')
    if (name !== '' && !NAME.test(name)) {
      this.problem(`name "${name}" is not an identifier; use letters, digits and _ only`)
    }
    const deprecated = this.integer('deprecated', 0x7fffffff)
    return {
      name,
      description: this.text('description') ?? '',
      sinceVersion: this.integer('sinceVersion', 0x7fffffff) ?? 0,
      // As in the reference tool, version 0 says nothing.
      deprecated: deprecated === 0 ? undefined : deprecated,
      semanticType: this.text('semanticType'),
      file: this.element.file,
      line: this.element.line,
    }
  }
}
