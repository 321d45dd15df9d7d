import type { Attributes } from './attributes.ts'
import type { BodyContext } from './body-context.ts'
import { PRIMITIVES } from './primitives.ts'
import type { CompositeType, EncodedType, SchemaType } from './schema-model.ts'

const UNSIGNED = ['uint8', 'uint16', 'uint32', 'uint64']
const SIGNED = ['int8', 'int16', 'int32']
const MAX_INT = 0x7fffffff

/** The member of a composite that is one number; undefined where it has no such. */
export function numberMember(composite: CompositeType, name: string): EncodedType | undefined {
  const type = composite.members.find((other) => other.name === name)?.type
  if (type?.kind !== 'type' || type.length !== 1 || type.presence === 'constant') return undefined
  return PRIMITIVES[type.primitiveType].range === undefined || type.primitiveType === 'char'
    ? undefined
    : type
}

/** The dimensions of a group, checked as the reference tool does; undefined, and reported, where they cannot be used. */
export function readGroupDimensions(
  attributes: Attributes,
  type: SchemaType | undefined,
  typeName: string,
  context: BodyContext,
): CompositeType | undefined {
  if (type === undefined) return undefined
  const blockLength = type.kind === 'composite' ? numberMember(type, 'blockLength') : undefined
  const numInGroup = type.kind === 'composite' ? numberMember(type, 'numInGroup') : undefined
  const usable =
    blockLength !== undefined &&
    numInGroup !== undefined &&
    UNSIGNED.includes(blockLength.primitiveType) &&
    [...UNSIGNED, ...SIGNED].includes(numInGroup.primitiveType)
  if (type.kind !== 'composite' || !usable) {
    attributes.problem(
      `dimensionType "${typeName}" of group "${attributes.described().name}" is not a composite of unsigned blockLength and numInGroup; correct it`,
    )
    return undefined
  }
  if (SIGNED.includes(numInGroup.primitiveType) && !(Number(numInGroup.minValue ?? -1) >= 0)) {
    attributes.problem(
      `numInGroup of "${typeName}" is ${numInGroup.primitiveType}; make it unsigned, or give it a minValue of 0 or more`,
    )
  }
  for (const member of [blockLength, numInGroup]) {
    if (!['uint8', 'uint16'].includes(member.primitiveType)) {
      context.problems.warn(
        member.line > 0 ? member : type,
        `"${member.name}" of "${type.name}" is ${member.primitiveType}; uint8 or uint16 is usual`,
      )
    }
    checkLengthLimit(member, type, context)
  }
  return type
}

/** Warns of a 32-bit length that the reference tool refuses: its lengths are signed 32-bit integers. */
export function checkLengthLimit(length: EncodedType, composite: CompositeType, context: BodyContext): void {
  if (length.primitiveType !== 'uint32' || Number(length.maxValue ?? Infinity) <= MAX_INT) return
  context.problems.warn(
    length.line > 0 ? length : composite,
    `"${length.name}" of "${composite.name}" is uint32 without a maxValue of at most ${MAX_INT}, which SBE's own tool refuses; add maxValue`,
  )
}
