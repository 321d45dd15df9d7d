import { Attributes } from './attributes.ts'
import { isInteger64, isPrimitiveType, parsePrimitiveValue, PRIMITIVES } from './primitives.ts'
import type { PrimitiveType, PrimitiveValue } from './primitives.ts'
import type { Problems } from './schema-error.ts'
import { sizeOfType } from './schema-model.ts'
import type {
  CompositeMember,
  CompositeType,
  EncodedType,
  EnumType,
  EnumValue,
  SchemaType,
  SetChoice,
  SetType,
} from './schema-model.ts'
import type { XmlElement } from './xml.ts'

const MAX_LENGTH = 0x7fffffff
const TYPE_ATTRIBUTES = [
  'primitiveType',
  'length',
  'offset',
  'presence',
  'nullValue',
  'minValue',
  'maxValue',
  'characterEncoding',
  'valueRef',
  'timeUnit',
  'epoch',
]

/** Bytes of a primitive type on the wire. */
export const sizeOfPrimitive = (type: PrimitiveType): number => PRIMITIVES[type].size

/** The named types of a schema: read on first need, because a composite may refer to a type that follows it. */
export class TypeTable {
  readonly #problems: Problems
  readonly #elements = new Map<string, XmlElement>()
  readonly #types = new Map<string, SchemaType | undefined>()
  readonly #reading = new Set<string>()

  constructor(problems: Problems) {
    this.#problems = problems
  }

  declare(element: XmlElement): void {
    const name = element.attributes.get('name') ?? ''
    const other = this.#elements.get(name)
    if (other !== undefined) {
      this.#problems.add(
        element.line,
        `Cannot use the schema: type "${name}" is declared here and in line ${other.line}; rename one`,
      )
      return
    }
    this.#elements.set(name, element)
  }

  /** All declared types, in the order of the schema; those with problems are left out. */
  all(): SchemaType[] {
    return [...this.#elements.keys()].map((name) => this.find(name)).filter((type) => type !== undefined)
  }

  isDeclared(name: string): boolean {
    return this.#elements.has(name) || isPrimitiveType(name)
  }

  /** The type of this name, declared or primitive; undefined where there is none or it has problems. */
  find(name: string): SchemaType | undefined {
    const element = this.#elements.get(name)
    if (element === undefined) return isPrimitiveType(name) ? primitive(name) : undefined
    if (this.#reading.has(name)) {
      this.#problems.add(
        element.line,
        `Cannot use the schema: composite "${name}" contains itself; remove the <ref> that leads back to it`,
      )
      return undefined
    }
    if (!this.#types.has(name)) {
      this.#reading.add(name)
      this.#types.set(name, this.#read(element))
      this.#reading.delete(name)
    }
    return this.#types.get(name)
  }

  #read(element: XmlElement): SchemaType | undefined {
    switch (element.name) {
      case 'type':
        return this.#readType(element)
      case 'enum':
        return this.#readEnum(element)
      case 'set':
        return this.#readSet(element)
      case 'composite':
        return this.#readComposite(element)
      default:
        this.#problems.add(
          element.line,
          `Cannot use the schema: <${element.name}> is not a type the generator knows; use type, enum, set or composite`,
        )
        return undefined
    }
  }

  #readType(element: XmlElement): EncodedType | undefined {
    const attributes = new Attributes(element, this.#problems, TYPE_ATTRIBUTES)
    const described = attributes.described()
    const primitiveName = attributes.required('primitiveType')
    if (!isPrimitiveType(primitiveName)) {
      if (primitiveName !== '') {
        attributes.problem(`primitive type "${primitiveName}" is not one of SBE; use ${PRIMITIVE_LIST}`)
      }
      return undefined
    }
    if (attributes.text('valueRef') !== undefined) {
      attributes.problem('valueRef on a <type> is not supported; put the value inside the element')
    }
    const value = (name: string): PrimitiveValue | undefined =>
      primitiveValue(attributes, primitiveName, name, attributes.text(name))
    const presence = attributes.presence() ?? 'required'
    const constant = presence === 'constant' ? constantOf(element, attributes, primitiveName) : undefined
    const length = attributes.integer('length', MAX_LENGTH)
    return {
      kind: 'type',
      ...described,
      primitiveType: primitiveName,
      length: length ?? (typeof constant === 'string' ? constant.length : 1),
      presence,
      nullValue: value('nullValue'),
      minValue: value('minValue'),
      maxValue: value('maxValue'),
      constant,
      characterEncoding: attributes.text('characterEncoding'),
      semanticType: attributes.text('semanticType'),
    }
  }

  #encodingOf(
    attributes: Attributes,
    allowed: readonly string[],
  ): [PrimitiveType, PrimitiveValue] | undefined {
    const name = attributes.required('encodingType')
    const type = this.find(name)
    const encoding = type?.kind === 'type' && type.length === 1 ? type.primitiveType : undefined
    if (encoding === undefined || !allowed.includes(encoding)) {
      if (name !== '') attributes.problem(`encodingType is "${name}"; use one of ${allowed.join(', ')}`)
      return undefined
    }
    const declared = type?.kind === 'type' ? type.nullValue : undefined
    return [encoding, declared ?? PRIMITIVES[encoding].nullValue]
  }

  #readEnum(element: XmlElement): EnumType | undefined {
    const attributes = new Attributes(element, this.#problems, ['encodingType', 'offset', 'nullValue'])
    const described = attributes.described()
    const found = this.#encodingOf(attributes, ENUM_ENCODINGS)
    if (found === undefined) return undefined
    const [encoding, defaultNull] = found
    const values: EnumValue[] = []
    for (const child of element.children) {
      if (!this.#expect(child, 'validValue', 'enum')) continue
      const at = new Attributes(child, this.#problems, [])
      const name = at.described()
      const value = primitiveValue(at, encoding, `value "${name.name}"`, child.text)
      if (value === undefined) continue
      const twin = values.find((other) => other.name === name.name || other.value === value)
      if (twin !== undefined) {
        at.problem(`"${name.name}" has the name or value of "${twin.name}" in line ${twin.line}; change one`)
      }
      values.push({ ...name, value })
    }
    const nullValue = primitiveValue(attributes, encoding, 'nullValue', attributes.text('nullValue'))
    return { kind: 'enum', ...described, encoding, nullValue: nullValue ?? defaultNull, values }
  }

  #readSet(element: XmlElement): SetType | undefined {
    const attributes = new Attributes(element, this.#problems, ['encodingType', 'offset'])
    const described = attributes.described()
    const found = this.#encodingOf(attributes, SET_ENCODINGS)
    if (found === undefined) return undefined
    const [encoding] = found
    const bits = sizeOfPrimitive(encoding) * 8
    const choices: SetChoice[] = []
    for (const child of element.children) {
      if (!this.#expect(child, 'choice', 'set')) continue
      const at = new Attributes(child, this.#problems, [])
      const name = at.described()
      const bit = /^[0-9]+$/.test(child.text) ? Number(child.text) : Number.NaN
      if (!(bit < bits)) {
        at.problem(`bit of "${name.name}" is "${child.text}"; make it a number from 0 to ${bits - 1}`)
        continue
      }
      const twin = choices.find((other) => other.name === name.name || other.bit === bit)
      if (twin !== undefined) {
        at.problem(`"${name.name}" has the name or bit of "${twin.name}" in line ${twin.line}; change one`)
      }
      choices.push({ ...name, bit })
    }
    return { kind: 'set', ...described, encoding, choices }
  }

  #readComposite(element: XmlElement): CompositeType {
    const attributes = new Attributes(element, this.#problems, ['offset'])
    const described = attributes.described()
    const members: CompositeMember[] = []
    let size = 0
    for (const child of element.children) {
      const member = this.#readMember(child, size)
      if (member === undefined) continue
      if (members.some((other) => other.name === member.name)) {
        this.#problems.add(
          child.line,
          `Cannot use the schema: composite "${described.name}" has two members "${member.name}"; rename one`,
        )
      }
      members.push(member)
      size = member.offset + sizeOfType(member.type, sizeOfPrimitive)
    }
    if (members.length === 0) attributes.problem(`composite "${described.name}" has no members; add one`)
    return { kind: 'composite', ...described, members, size }
  }

  #readMember(child: XmlElement, position: number): CompositeMember | undefined {
    let type: SchemaType | undefined
    let name = child.attributes.get('name') ?? ''
    let sinceVersion = 0
    if (child.name === 'ref') {
      const attributes = new Attributes(child, this.#problems, ['type', 'offset'])
      const described = attributes.described()
      name = described.name
      sinceVersion = described.sinceVersion
      const typeName = attributes.required('type')
      type = this.find(typeName)
      if (type === undefined && !this.isDeclared(typeName)) {
        attributes.problem(`type "${typeName}" is not declared; declare it in <types> or correct the name`)
      }
      if (isPrimitiveType(typeName)) {
        attributes.problem(`ref to the primitive type "${typeName}"; use <type primitiveType="${typeName}">`)
      }
    } else {
      type = this.#read(child)
    }
    if (type === undefined) return undefined
    const offset = child.attributes.get('offset')
    const at = offset === undefined ? position : Number(offset)
    if (!Number.isInteger(at) || at < position || at > MAX_LENGTH) {
      this.#problems.add(
        child.line,
        `Cannot use the schema: offset of "${name}" is ${offset}; make it ${position} or more, where the member before it ends`,
      )
    }
    return {
      name,
      type,
      offset: at,
      sinceVersion: Math.max(sinceVersion, type.sinceVersion),
      line: child.line,
    }
  }

  #expect(child: XmlElement, name: string, parent: string): boolean {
    if (child.name === name) return true
    this.#problems.add(
      child.line,
      `Cannot use the schema: <${child.name}> in <${parent}> is not known; use <${name}>`,
    )
    return false
  }
}

const PRIMITIVE_LIST = Object.keys(PRIMITIVES).join(', ')
const ENUM_ENCODINGS = Object.keys(PRIMITIVES).filter(
  (name) => isPrimitiveType(name) && !isInteger64(name) && PRIMITIVES[name].range !== undefined,
)
const SET_ENCODINGS = ['uint8', 'uint16', 'uint32', 'uint64']

function primitive(name: PrimitiveType): EncodedType {
  return {
    kind: 'type',
    name,
    description: '',
    sinceVersion: 0,
    deprecated: undefined,
    line: 0,
    primitiveType: name,
    length: 1,
    presence: 'required',
    nullValue: undefined,
    minValue: undefined,
    maxValue: undefined,
    constant: undefined,
    characterEncoding: undefined,
    semanticType: undefined,
  }
}

function primitiveValue(
  attributes: Attributes,
  type: PrimitiveType,
  what: string,
  text: string | undefined,
): PrimitiveValue | undefined {
  if (text === undefined) return undefined
  const value = parsePrimitiveValue(type, text)
  if (value === undefined) attributes.problem(`${what} is "${text}"; make it a value of ${type}`)
  return value
}

function constantOf(
  element: XmlElement,
  attributes: Attributes,
  type: PrimitiveType,
): PrimitiveValue | string | undefined {
  if (element.text === '') {
    attributes.problem('a constant without a value; put the value inside the element')
    return undefined
  }
  const length = attributes.integer('length', MAX_LENGTH)
  if (type === 'char' && (element.text.length > 1 || (length ?? 1) > 1)) return element.text
  return primitiveValue(attributes, type, 'the constant', element.text)
}
