import { PRIMITIVES, sizeOfPrimitive } from '../parse/primitives.ts'
import type { PrimitiveType, PrimitiveValue } from '../parse/primitives.ts'
import { sizeOfType } from '../parse/schema-model.ts'
import type {
  CompositeMember,
  CompositeType,
  EncodedType,
  EnumType,
  Presence,
  SchemaType,
  SetType,
} from '../parse/schema-model.ts'
import type { Encoding } from './encoding.ts'
import { partToken, wrapTokens } from './part-token.ts'
import { Signal } from './signal.ts'
import { VARIABLE_LENGTH, type Token } from './token.ts'

/** What the types inside a field, group or data take from it. */
export interface FieldContext {
  readonly sinceVersion: number
  readonly semanticType: string | undefined
}

/** Where a type stands: what a field or a composite says of it, over what the type says of itself. */
export interface Place {
  readonly name: string
  readonly offset: number
  /** As the token has them. */
  readonly version: number
  readonly sinceVersion: number
  readonly presence: Presence | undefined
  readonly constant: PrimitiveValue | undefined
  readonly referencedName: string | undefined
  readonly timeUnit: string | undefined
  readonly epoch: string | undefined
  /** Undefined for a type that is declared, and stands in no field. */
  readonly field: FieldContext | undefined
  /** Whether it is a member of a composite. */
  readonly isMember: boolean
  /** Whether it is the composite of variable-length data, or the bytes of it. */
  readonly variable: boolean
}

/** The place of a type that stands for itself. */
export function declaredPlace(type: SchemaType): Place {
  return {
    name: type.name,
    offset: 0,
    version: type.sinceVersion,
    sinceVersion: type.sinceVersion,
    presence: undefined,
    constant: undefined,
    referencedName: undefined,
    timeUnit: undefined,
    epoch: undefined,
    field: undefined,
    isMember: false,
    variable: false,
  }
}

/** The tokens of a type in a place. */
export function buildType(type: SchemaType, place: Place, littleEndian: boolean): Token[] {
  switch (type.kind) {
    case 'type':
      return [encodedToken(type, place, littleEndian)]
    case 'enum':
      return enumTokens(type, place, littleEndian)
    case 'set':
      return setTokens(type, place, littleEndian)
    case 'composite':
      return compositeTokens(type, place, littleEndian)
  }
}

function encodedToken(type: EncodedType, place: Place, littleEndian: boolean): Token {
  const presence = place.presence ?? type.presence
  const isConstant = presence === 'constant'
  const length = isConstant ? 0 : sizeOfType({ ...type, presence }, sizeOfPrimitive)
  const declaredNullValue = presence === 'optional' ? type.nullValue : undefined
  return {
    signal: Signal.ENCODING,
    ...placed(type, place),
    encodedLength: place.variable ? VARIABLE_LENGTH : length,
    arrayLength: type.length,
    encoding: {
      ...encodingOf(type.primitiveType, littleEndian, declaredNullValue),
      presence,
      minValue: isConstant ? undefined : type.minValue,
      maxValue: isConstant ? undefined : type.maxValue,
      constant: isConstant ? (place.constant ?? type.constant) : undefined,
      declaredNullValue,
      characterEncoding: type.characterEncoding,
    },
  }
}

function enumTokens(type: EnumType, place: Place, littleEndian: boolean): Token[] {
  const presence = place.presence ?? type.presence
  const encoding: Encoding = {
    ...encodingOf(type.encoding, littleEndian, type.nullValue),
    constant: place.constant,
    presence,
  }
  const values = type.values.map((value) => ({
    signal: Signal.VALID_VALUE,
    ...partToken(value),
    encoding: { ...encodingOf(type.encoding, littleEndian, type.nullValue), constant: value.value },
  }))
  const encodedLength = presence === 'constant' ? 0 : sizeOfPrimitive(type.encoding)
  return wrapTokens(
    Signal.BEGIN_ENUM,
    Signal.END_ENUM,
    { ...placed(type, place), encodedLength, encoding },
    values,
  )
}

function setTokens(type: SetType, place: Place, littleEndian: boolean): Token[] {
  const encoding = encodingOf(type.encoding, littleEndian, undefined)
  const choices = type.choices.map((choice) => ({
    signal: Signal.CHOICE,
    ...partToken(choice),
    encoding: { ...encoding, constant: choice.bit },
  }))
  const encodedLength = sizeOfPrimitive(type.encoding)
  return wrapTokens(
    Signal.BEGIN_SET,
    Signal.END_SET,
    { ...placed(type, place), encodedLength, encoding },
    choices,
  )
}

function compositeTokens(type: CompositeType, place: Place, littleEndian: boolean): Token[] {
  const members = type.members.flatMap((member) =>
    buildType(member.type, memberPlace(member, place), littleEndian),
  )
  const encodedLength = place.variable ? VARIABLE_LENGTH : type.size
  return wrapTokens(
    Signal.BEGIN_COMPOSITE,
    Signal.END_COMPOSITE,
    { ...placed(type, place), encodedLength },
    members,
  )
}

function memberPlace(member: CompositeMember, place: Place): Place {
  const { field } = place
  // Protocol: in a field, the reference tool gives a number or array in a composite the version of the composite.
  const own = member.type.kind === 'type' ? place.sinceVersion : member.sinceVersion
  return {
    ...place,
    name: member.name,
    offset: member.offset,
    version: field === undefined ? member.sinceVersion : Math.max(field.sinceVersion, own),
    sinceVersion: member.sinceVersion,
    presence: undefined,
    constant: undefined,
    referencedName: member.referencedName,
    timeUnit: undefined,
    epoch: undefined,
    isMember: true,
    variable: place.variable && member.name === 'varData',
  }
}

function placed(type: SchemaType, place: Place): Omit<Token, 'signal'> {
  const { name, offset, version, sinceVersion, referencedName, timeUnit, epoch } = place
  const { packageName } = type
  // Protocol: a type's own semanticType comes before that of the field; a number in a composite has only its own.
  const inherited = type.kind === 'type' && place.isMember ? undefined : place.field?.semanticType
  return {
    ...partToken(type),
    name,
    offset,
    version,
    sinceVersion,
    referencedName,
    packageName,
    timeUnit: type.kind === 'type' ? timeUnit : undefined,
    epoch: type.kind === 'type' ? epoch : undefined,
    semanticType: type.semanticType ?? inherited,
  }
}

function encodingOf(
  primitiveType: PrimitiveType,
  littleEndian: boolean,
  nullValue: PrimitiveValue | undefined,
): Encoding {
  return {
    presence: 'required',
    primitiveType,
    littleEndian,
    nullValue: nullValue ?? PRIMITIVES[primitiveType].nullValue,
    declaredNullValue: undefined,
    minValue: undefined,
    maxValue: undefined,
    constant: undefined,
    characterEncoding: undefined,
  }
}
