import { Attributes } from './attributes.ts'
import type { PrimitiveValue } from './primitives.ts'
import type { Problems } from './schema-error.ts'
import { sizeOfType } from './schema-model.ts'
import type { Body, CompositeType, Field, Group, SchemaType, VarData } from './schema-model.ts'
import { sizeOfPrimitive, type TypeTable } from './types.ts'
import type { XmlElement } from './xml.ts'

/** What is needed to read the inside of a message or group. */
export interface BodyContext {
  readonly types: TypeTable
  readonly problems: Problems
  /** Version of the schema. */
  readonly version: number
  /** The message or group, for the errors. */
  readonly owner: string
}

const MAX_BLOCK_LENGTH = 0xffff
const ORDER = ['field', 'group', 'data']
const TEXT_ENCODINGS = ['US-ASCII', 'ASCII', 'UTF-8', 'ISO-8859-1', 'ISO_8859_1']
const LENGTH_TYPES = ['uint8', 'uint16', 'uint32']

/** Reads the fields, groups and variable-length data of a message or group, in that order. */
export function readBody(element: XmlElement, context: BodyContext): Body {
  const fields: Field[] = []
  const groups: Group[] = []
  const varData: VarData[] = []
  const names = new Map<string, number>()
  let position = 0
  let reached = 0
  for (const child of element.children) {
    const kind = ORDER.indexOf(child.name)
    const attributes = new Attributes(
      child,
      context.problems,
      KNOWN[child.name] ?? [...child.attributes.keys()],
    )
    if (kind < 0) {
      attributes.problem(`<${child.name}> in ${context.owner} is not known; use field, group or data`)
      continue
    }
    if (kind < reached) {
      attributes.problem(
        `<${child.name}> after <${ORDER[reached]}> in ${context.owner}; put fields first, then groups, then data`,
      )
    }
    reached = Math.max(reached, kind)
    checkName(child, attributes, names, context)
    if (child.name === 'field') {
      const field = readField(attributes, position, context)
      if (field === undefined) continue
      fields.push(field)
      position = field.offset + sizeOfField(field)
    } else if (child.name === 'group') {
      const group = readGroup(child, attributes, context)
      if (group !== undefined) groups.push(group)
    } else {
      const data = readVarData(attributes, context)
      if (data !== undefined) varData.push(data)
    }
  }
  return { blockLength: blockLengthOf(element, position, context), fields, groups, varData }
}

const KNOWN: Readonly<Record<string, readonly string[]>> = {
  field: ['id', 'type', 'offset', 'presence', 'valueRef', 'timeUnit', 'epoch'],
  group: ['id', 'dimensionType', 'blockLength'],
  data: ['id', 'type'],
}

/** Bytes of a field in the block: none when it is a constant. */
export function sizeOfField(field: Field): number {
  return field.presence === 'constant' ? 0 : sizeOfType(field.type, sizeOfPrimitive)
}

function blockLengthOf(element: XmlElement, position: number, context: BodyContext): number {
  const attributes = new Attributes(element, context.problems, [...element.attributes.keys()])
  const declared = attributes.integer('blockLength', MAX_BLOCK_LENGTH)
  if (declared !== undefined && declared < position) {
    attributes.problem(
      `blockLength of ${context.owner} is ${declared}; make it ${position} or more, where its fields end`,
    )
  }
  return declared ?? position
}

function checkName(
  child: XmlElement,
  attributes: Attributes,
  names: Map<string, number>,
  context: BodyContext,
): void {
  const { name, sinceVersion } = attributes.described()
  const line = names.get(name)
  if (line !== undefined) {
    attributes.problem(`${context.owner} has "${name}" here and in line ${line}; rename one`)
  }
  names.set(name, child.line)
  if (sinceVersion > context.version) {
    attributes.problem(
      `"${name}" is since version ${sinceVersion} and the schema is version ${context.version}; raise the version of the schema`,
    )
  }
}

function findType(attributes: Attributes, name: string, context: BodyContext): SchemaType | undefined {
  const type = context.types.find(name)
  if (type === undefined && name !== '' && !context.types.isDeclared(name)) {
    attributes.problem(`type "${name}" is not declared; declare it in <types> or correct the name`)
  }
  return type
}

function readField(attributes: Attributes, position: number, context: BodyContext): Field | undefined {
  const described = attributes.described()
  const id = attributes.requiredInteger('id', 0xffff)
  const type = findType(attributes, attributes.required('type'), context)
  if (type === undefined) return undefined
  const typePresence = type.kind === 'type' ? type.presence : 'required'
  const presence = attributes.presence() ?? typePresence
  const valueRef = attributes.text('valueRef')
  const constant = valueRef === undefined ? undefined : resolveValueRef(attributes, valueRef, context)
  if (presence === 'constant' && typePresence !== 'constant' && valueRef === undefined) {
    attributes.problem(
      `field "${described.name}" is constant without a value; add valueRef="Enum.VALUE" or use a constant type`,
    )
  }
  if (type.kind === 'type' && type.length === 0) {
    attributes.problem(
      `type "${type.name}" of field "${described.name}" has length 0; give it a length of 1 or more`,
    )
  }
  const offset = attributes.integer('offset', MAX_BLOCK_LENGTH) ?? position
  if (offset < position) {
    attributes.problem(
      `offset of "${described.name}" is ${offset}; make it ${position} or more, where the field before it ends`,
    )
  }
  return { ...described, id, type, presence, constant, offset }
}

function resolveValueRef(
  attributes: Attributes,
  valueRef: string,
  context: BodyContext,
): PrimitiveValue | undefined {
  const dot = valueRef.indexOf('.')
  const type = context.types.find(valueRef.slice(0, dot))
  const value =
    type?.kind === 'enum' ? type.values.find((other) => other.name === valueRef.slice(dot + 1)) : undefined
  if (value === undefined) {
    attributes.problem(
      `valueRef is "${valueRef}"; make it the name of an enum and of one of its values, as in "Side.BUY"`,
    )
  }
  return value?.value
}

function readGroup(element: XmlElement, attributes: Attributes, context: BodyContext): Group | undefined {
  const described = attributes.described()
  const id = attributes.requiredInteger('id', 0xffff)
  const typeName = attributes.text('dimensionType') ?? 'groupSizeEncoding'
  const dimensions = findType(attributes, typeName, context)
  const owner = `group "${described.name}"`
  const body = readBody(element, { ...context, owner })
  if (dimensions === undefined) return undefined
  if (
    dimensions.kind !== 'composite' ||
    !isLength(dimensions, 'blockLength') ||
    !isLength(dimensions, 'numInGroup')
  ) {
    attributes.problem(
      `dimensionType "${typeName}" of ${owner} is not a composite of unsigned blockLength and numInGroup; correct it`,
    )
    return undefined
  }
  return { ...described, id, dimensions, body }
}

function isLength(composite: CompositeType, member: string): boolean {
  const type = composite.members.find((other) => other.name === member)?.type
  return type?.kind === 'type' && type.length === 1 && LENGTH_TYPES.includes(type.primitiveType)
}

function readVarData(attributes: Attributes, context: BodyContext): VarData | undefined {
  const described = attributes.described()
  const id = attributes.requiredInteger('id', 0xffff)
  const typeName = attributes.required('type')
  const type = findType(attributes, typeName, context)
  if (type === undefined) return undefined
  const bytes = type.kind === 'composite' ? type.members.find((other) => other.name === 'varData') : undefined
  const isBytes = bytes?.type.kind === 'type' && ['uint8', 'int8', 'char'].includes(bytes.type.primitiveType)
  if (type.kind !== 'composite' || !isBytes || !isLength(type, 'length') || type.members.length !== 2) {
    attributes.problem(
      `type "${typeName}" of data "${described.name}" is not a composite of an unsigned length of at most 32 bits and a uint8 varData; correct it`,
    )
    return undefined
  }
  const encoding = bytes.type.kind === 'type' ? bytes.type.characterEncoding : undefined
  if (encoding !== undefined && !TEXT_ENCODINGS.includes(encoding)) {
    attributes.problem(
      `characterEncoding "${encoding}" of data "${described.name}" is not one the generator knows; use ${TEXT_ENCODINGS.join(', ')}`,
    )
  }
  return { ...described, id, type }
}
