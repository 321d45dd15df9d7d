import { sizeOfField } from '../parse/field.ts'
import { sizeOfPrimitive, type PrimitiveValue } from '../parse/primitives.ts'
import type { Body, Field, Group, Message, Schema, VarData } from '../parse/schema-model.ts'
import { partToken, wrapTokens } from './part-token.ts'
import { Signal } from './signal.ts'
import { VARIABLE_LENGTH, type Ir, type Token } from './token.ts'
import { buildType, declaredPlace, type FieldContext, type Place } from './type-tokens.ts'

/** Turns a checked schema into its intermediate form, with the numbers that the reference tool's own form has. */
export function buildIr(schema: Schema): Ir {
  const { littleEndian } = schema
  const declared = (type: Schema['header'] | Schema['types'][number]): Token[] =>
    buildType(type, declaredPlace(type), littleEndian)
  return {
    file: schema.file.replace(/^.*[\\/]/, ''),
    package: schema.package,
    namespace: undefined,
    id: schema.id,
    version: schema.version,
    semanticVersion: schema.semanticVersion,
    description: schema.description,
    littleEndian,
    header: declared(schema.header),
    types: schema.types.filter((type) => type.kind !== 'type').map(declared),
    messages: schema.messages.map((message) => messageTokens(message, littleEndian)),
  }
}

function messageTokens(message: Message, littleEndian: boolean): Token[] {
  const { id, body } = message
  const own = {
    ...partToken(message),
    id,
    encodedLength: body.blockLength,
    semanticType: message.semanticType,
  }
  // Protocol: where the schema says how long the block is, what follows starts there.
  const end = body.declaredBlockLength ?? endOfFields(body)
  return wrapTokens(Signal.BEGIN_MESSAGE, Signal.END_MESSAGE, own, bodyTokens(body, end, littleEndian))
}

function bodyTokens(body: Body, end: number, littleEndian: boolean): Token[] {
  // The reference tool knows the place of what follows the block, and of nothing behind that.
  let offset = end
  const next = (declared = 0): number => {
    const own = offset === VARIABLE_LENGTH ? offset : declared || offset
    offset = VARIABLE_LENGTH
    return own
  }
  return [
    ...body.fields.flatMap((field) => fieldTokens(field, littleEndian)),
    ...body.groups.flatMap((group) => groupTokens(group, next(), littleEndian)),
    ...body.varData.flatMap((data) => varDataTokens(data, next(data.offset), littleEndian)),
  ]
}

function endOfFields(body: Body): number {
  const last = body.fields.at(-1)
  return last === undefined ? 0 : last.offset + sizeOfField(last, sizeOfPrimitive)
}

function fieldTokens(field: Field, littleEndian: boolean): Token[] {
  const { type, presence, constant, valueRef, timeUnit, epoch, semanticType } = field
  const version = Math.max(field.sinceVersion, type.sinceVersion)
  const own = {
    ...partToken(field),
    id: field.id,
    version,
    sinceVersion: version,
    typeName: type.name,
    offset: field.offset,
    encodedLength: sizeOfField(field, sizeOfPrimitive),
    presence,
    valueRef,
    timeUnit,
    epoch,
    semanticType,
  }
  const place = { ...placeIn(field, type.name, field.offset), ...since(version), presence, constant }
  return wrapTokens(Signal.BEGIN_FIELD, Signal.END_FIELD, own, buildType(type, place, littleEndian))
}

function groupTokens(group: Group, offset: number, littleEndian: boolean): Token[] {
  const { dimensions, body } = group
  const own = { ...partToken(group), id: group.id, offset, encodedLength: body.blockLength }
  const place = placeIn({ ...group, semanticType: undefined }, dimensions.name, 0)
  return wrapTokens(Signal.BEGIN_GROUP, Signal.END_GROUP, own, [
    ...buildType(
      dimensions,
      { ...place, ...since(Math.max(group.sinceVersion, dimensions.sinceVersion)) },
      littleEndian,
    ),
    ...bodyTokens(body, endOfFields(body), littleEndian),
  ])
}

function varDataTokens(data: VarData, offset: number, littleEndian: boolean): Token[] {
  const { type, timeUnit, epoch, semanticType } = data
  const own = { ...partToken(data), id: data.id, typeName: type.name, offset, timeUnit, epoch, semanticType }
  const version = Math.max(data.sinceVersion, type.sinceVersion)
  const place = { ...placeIn(data, type.name, offset), ...since(version), variable: true }
  return wrapTokens(Signal.BEGIN_VAR_DATA, Signal.END_VAR_DATA, own, buildType(type, place, littleEndian))
}

/** The place of a type that stands directly in a field, group or data. */
function placeIn(
  part: FieldContext & { readonly timeUnit?: string | undefined; readonly epoch?: string | undefined },
  name: string,
  offset: number,
): Place {
  const { sinceVersion, semanticType, timeUnit, epoch } = part
  const constant: PrimitiveValue | undefined = undefined
  return {
    name,
    offset,
    ...since(sinceVersion),
    presence: undefined,
    constant,
    referencedName: undefined,
    timeUnit,
    epoch,
    field: { sinceVersion, semanticType },
    isMember: false,
    variable: false,
  }
}

function since(version: number): Pick<Place, 'version' | 'sinceVersion'> {
  return { version, sinceVersion: version }
}
