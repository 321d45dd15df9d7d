import { readCompositeType } from './composite-type.ts'
import { primitiveTypeOf, readEncodedType } from './encoded-type.ts'
import { readEnumType } from './enum-type.ts'
import { isPrimitiveType } from './primitives.ts'
import { inLine, type Problems } from './schema-error.ts'
import type { SchemaType } from './schema-model.ts'
import { readSetType } from './set-type.ts'
import type { XmlElement } from './xml.ts'

/** What is needed to read a type that may refer to others. */
export interface TypeContext {
  readonly problems: Problems
  /** The package of the `<types>` that the type stands in. */
  readonly packageName: string | undefined
  /** The type of this name, declared or primitive; undefined where there is none or it has problems. */
  find(name: string): SchemaType | undefined
  /** Whether there is a type of this name, with problems or without. */
  isDeclared(name: string): boolean
  /** Reads a type that stands inside another. */
  read(element: XmlElement): SchemaType | undefined
}

interface Declaration {
  readonly element: XmlElement
  readonly packageName: string | undefined
}

const TYPE_ELEMENTS: Readonly<
  Record<string, (element: XmlElement, context: TypeContext) => SchemaType | undefined>
> = { type: readEncodedType, enum: readEnumType, set: readSetType, composite: readCompositeType }

/** Whether an element declares a type. */
export function isTypeElement({ name }: XmlElement): boolean {
  return Object.hasOwn(TYPE_ELEMENTS, name)
}

/** The named types of a schema: read on first need, because a composite may refer to a type that follows it. */
export class TypeTable {
  readonly #problems: Problems
  readonly #declarations = new Map<string, Declaration>()
  readonly #types = new Map<string, SchemaType | undefined>()
  readonly #reading = new Set<string>()

  constructor(problems: Problems) {
    this.#problems = problems
  }

  /** Of two types of one name the later counts, as in the reference tool: two included files may both include the one that declares it. */
  declare(element: XmlElement, packageName: string | undefined): void {
    const name = element.attributes.get('name') ?? ''
    const other = this.#declarations.get(name)?.element
    if (other !== undefined) {
      this.#problems.warn(
        element,
        `type "${name}" is declared in ${inLine(other, element)} too, and that one has no effect; remove one, or rename it`,
      )
    }
    this.#declarations.set(name, { element, packageName })
  }

  /** All declared types, in the order of the schema; those with problems are left out. */
  all(): SchemaType[] {
    return [...this.#declarations.keys()].map((name) => this.find(name)).filter((type) => type !== undefined)
  }

  isDeclared(name: string): boolean {
    return this.#declarations.has(name) || isPrimitiveType(name)
  }

  /** The type of this name, declared or primitive; undefined where there is none or it has problems. */
  find(name: string): SchemaType | undefined {
    const declaration = this.#declarations.get(name)
    if (declaration === undefined) return isPrimitiveType(name) ? primitiveTypeOf(name) : undefined
    const { element, packageName } = declaration
    if (this.#reading.has(name)) {
      this.#problems.add(
        element,
        `Cannot use the schema: ${element.name} "${name}" contains itself; remove the reference that leads back to it`,
      )
      return undefined
    }
    if (!this.#types.has(name)) {
      this.#reading.add(name)
      this.#types.set(name, this.#read(element, packageName))
      this.#reading.delete(name)
    }
    return this.#types.get(name)
  }

  #read(element: XmlElement, packageName: string | undefined): SchemaType | undefined {
    const context: TypeContext = {
      problems: this.#problems,
      packageName,
      find: (name) => this.find(name),
      isDeclared: (name) => this.isDeclared(name),
      read: (inner) => this.#read(inner, packageName),
    }
    return TYPE_ELEMENTS[element.name]?.(element, context)
  }
}
