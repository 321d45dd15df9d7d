import type { Attributes } from './attributes.ts'
import { findType, type BodyContext } from './body-context.ts'
import { MAX_LENGTH } from './encoded-type.ts'
import type { PrimitiveType, PrimitiveValue } from './primitives.ts'
import { sizeOfType } from './schema-model.ts'
import type { Field, Presence, SchemaType } from './schema-model.ts'
import { findEnumValue } from './value-ref.ts'

/** Bytes of a field in the block: none when it is a constant. */
export function sizeOfField(field: Field, sizeOf: (primitive: PrimitiveType) => number): number {
  return field.presence === 'constant' ? 0 : sizeOfType(field.type, sizeOf)
}

/** Reads a `<field>`, whose offset is `position` unless it has its own. */
export function readField(
  attributes: Attributes,
  place: { readonly id: number; readonly position: number },
  context: BodyContext,
): Field | undefined {
  const described = attributes.described()
  const type = findType(attributes, attributes.required('type'), context)
  if (type === undefined) return undefined
  const presence = attributes.presence() ?? type.presence
  checkType(attributes, type)
  const valueRef = attributes.text('valueRef')
  const constant = constantOf(attributes, type, presence, context)
  return {
    ...described,
    id: place.id,
    type,
    presence,
    constant,
    valueRef: presence === 'constant' ? valueRef : undefined,
    timeUnit: attributes.text('timeUnit'),
    epoch: attributes.text('epoch'),
    offset: offsetOf(attributes, place.position),
  }
}

function checkType(attributes: Attributes, type: SchemaType): void {
  const { name } = attributes.described()
  const presence = attributes.presence()
  const isConstantType = (type.kind === 'type' || type.kind === 'enum') && type.presence === 'constant'
  if (isConstantType && presence !== undefined && presence !== 'constant') {
    attributes.problem(
      `field "${name}" is ${presence} and its type "${type.name}" constant, without bytes; remove the presence of one`,
    )
  }
  const variable = type.kind === 'composite' ? type.members.map((member) => member.type) : [type]
  if (variable.some((part) => part.kind === 'type' && part.length === 0)) {
    attributes.problem(
      `type "${type.name}" of field "${name}" has length 0; give it a length of 1 or more, or use <data>`,
    )
  }
  checkSemanticType(attributes, type)
}

/** Reports a semanticType that is another than that of the type. */
export function checkSemanticType(attributes: Attributes, type: SchemaType): void {
  const { name, semanticType } = attributes.described()
  if (semanticType !== undefined && type.semanticType !== undefined && semanticType !== type.semanticType) {
    attributes.problem(
      `semanticType of "${name}" is "${semanticType}" and that of its type is "${type.semanticType}"; remove one`,
    )
  }
}

function offsetOf(attributes: Attributes, position: number): number {
  const { name } = attributes.described()
  const offset = attributes.integer('offset', MAX_LENGTH) ?? position
  if (offset >= position) return offset
  if (offset === 0) {
    // As in the reference tool, for which an offset of 0 is none.
    attributes.warn(`offset of "${name}" is 0, and has no effect; remove it, or make it ${position} or more`)
    return position
  }
  attributes.problem(
    `offset of "${name}" is ${offset}; make it ${position} or more, where the field before it ends`,
  )
  return position
}

function constantOf(
  attributes: Attributes,
  type: SchemaType,
  presence: Presence,
  context: BodyContext,
): PrimitiveValue | undefined {
  const { name } = attributes.described()
  const valueRef = attributes.text('valueRef')
  const found = valueRef === undefined ? undefined : findEnumValue(attributes, valueRef, context.types)
  if (presence !== 'constant') {
    if (valueRef !== undefined) {
      attributes.warn(
        `valueRef of field "${name}" has no effect, because it is ${presence}; add presence="constant", or remove it`,
      )
    }
    return undefined
  }
  if (type.kind === 'composite' || type.kind === 'set') {
    attributes.problem(`field "${name}" is constant and a ${type.kind}; make it a type or an enum`)
    return undefined
  }
  if (valueRef === undefined && (type.kind === 'enum' || type.presence !== 'constant')) {
    attributes.problem(
      `field "${name}" is constant without a value; add valueRef="Enum.VALUE" or use a constant type`,
    )
  }
  if (found === undefined) return undefined
  const matches =
    type.kind === 'enum' ? found.type.name === type.name : found.type.encoding === type.primitiveType
  if (!matches) {
    attributes.problem(
      `valueRef "${valueRef}" of field "${name}" is not a value of its type "${type.name}"; use one that is`,
    )
  }
  return found.value.value
}
