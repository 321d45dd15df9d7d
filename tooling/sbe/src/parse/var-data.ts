import type { Attributes } from './attributes.ts'
import { findType, type BodyContext } from './body-context.ts'
import { MAX_LENGTH } from './encoded-type.ts'
import { checkSemanticType } from './field.ts'
import { checkLengthLimit, numberMember } from './group-dimensions.ts'
import { sizeOfPrimitive } from './primitives.ts'
import type { CompositeType, EncodedType, VarData } from './schema-model.ts'

const LENGTH_TYPES = ['uint8', 'uint16', 'uint32', 'uint64']

/** Reads a `<data>`. */
export function readVarData(attributes: Attributes, id: number, context: BodyContext): VarData | undefined {
  const described = attributes.described()
  const typeName = attributes.required('type')
  const type = findType(attributes, typeName, context)
  if (type === undefined) return undefined
  const presence = attributes.presence() ?? 'required'
  if (presence !== 'required') {
    attributes.problem(
      `data "${described.name}" is ${presence}; remove presence: absent data has a length of 0`,
    )
  }
  const offset = attributes.integer('offset', MAX_LENGTH)
  if (offset !== undefined) {
    attributes.warn(`offset of data "${described.name}" has no effect; remove it`)
  }
  const parts = type.kind === 'composite' ? partsOf(type) : undefined
  if (type.kind !== 'composite' || parts === undefined) {
    attributes.problem(
      `type "${typeName}" of data "${described.name}" is not a composite of an unsigned length and a uint8 varData right behind it; correct it`,
    )
    return undefined
  }
  checkSemanticType(attributes, type)
  checkLengthLimit(parts.length, type, context)
  const [timeUnit, epoch] = [attributes.text('timeUnit'), attributes.text('epoch')]
  return { ...described, id, type, timeUnit, epoch, offset }
}

/** The two members of the composite of variable-length data; undefined where it is not one. */
function partsOf(
  type: CompositeType,
): { readonly length: EncodedType; readonly bytes: EncodedType } | undefined {
  const length = numberMember(type, 'length')
  const member = type.members.find((other) => other.name === 'varData')
  const bytes = member?.type
  if (length === undefined || bytes?.kind !== 'type' || type.members.length !== 2) return undefined
  const fits =
    LENGTH_TYPES.includes(length.primitiveType) &&
    sizeOfPrimitive(bytes.primitiveType) === 1 &&
    type.members[0]?.offset === 0 &&
    member?.offset === sizeOfPrimitive(length.primitiveType)
  return fits ? { length, bytes } : undefined
}
