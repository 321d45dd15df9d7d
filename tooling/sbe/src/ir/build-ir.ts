import { PRIMITIVES } from '../parse/primitives.ts'
import type { PrimitiveType, PrimitiveValue } from '../parse/primitives.ts'
import { sizeOfField } from '../parse/body.ts'
import { sizeOfType } from '../parse/schema-model.ts'
import type {
  Body,
  CompositeType,
  Described,
  EncodedType,
  EnumType,
  Field,
  Group,
  Message,
  Presence,
  Schema,
  SchemaType,
  SetType,
  VarData,
} from '../parse/schema-model.ts'
import { sizeOfPrimitive } from '../parse/types.ts'
import type { Encoding } from './encoding.ts'
import { Signal } from './signal.ts'
import type { Ir, Token } from './token.ts'

/** Where a type stands: what a field or a composite says of it, over what the type says of itself. */
interface Place {
  readonly name: string
  readonly offset: number
  readonly sinceVersion: number
  readonly presence: Presence | undefined
  readonly constant: PrimitiveValue | undefined
}

/** Turns a checked schema into its intermediate form. */
export function buildIr(schema: Schema): Ir {
  const builder = new IrBuilder(schema.littleEndian)
  return {
    file: schema.file.replace(/^.*[\\/]/, ''),
    package: schema.package,
    id: schema.id,
    version: schema.version,
    description: schema.description,
    littleEndian: schema.littleEndian,
    header: builder.type(schema.header, placeOf(schema.header)),
    types: schema.types
      .filter((type) => type.kind !== 'type')
      .map((type) => builder.type(type, placeOf(type))),
    messages: schema.messages.map((message) => builder.message(message)),
  }
}

function placeOf(type: SchemaType): Place {
  return {
    name: type.name,
    offset: 0,
    sinceVersion: type.sinceVersion,
    presence: undefined,
    constant: undefined,
  }
}

class IrBuilder {
  readonly #littleEndian: boolean

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian
  }

  message(message: Message): Token[] {
    return wrap(
      Signal.BEGIN_MESSAGE,
      Signal.END_MESSAGE,
      { ...base(message), id: message.id, encodedLength: message.body.blockLength },
      this.#body(message.body),
    )
  }

  type(type: SchemaType, place: Place): Token[] {
    switch (type.kind) {
      case 'type':
        return [this.#encoded(type, place)]
      case 'enum':
        return this.#enum(type, place)
      case 'set':
        return this.#set(type, place)
      case 'composite':
        return this.#composite(type, place)
    }
  }

  #body(body: Body): Token[] {
    return [
      ...body.fields.flatMap((field) => this.#field(field)),
      ...body.groups.flatMap((group) => this.#group(group)),
      ...body.varData.flatMap((data) => this.#varData(data)),
    ]
  }

  #field(field: Field): Token[] {
    const place = {
      name: field.type.name,
      offset: field.offset,
      sinceVersion: Math.max(field.sinceVersion, field.type.sinceVersion),
      presence: field.presence,
      constant: field.constant,
    }
    const own = {
      ...base(field),
      id: field.id,
      version: place.sinceVersion,
      description: field.description === '' ? field.type.description : field.description,
      deprecated: field.deprecated ?? field.type.deprecated,
      typeName: field.type.name,
      offset: field.offset,
      encodedLength: sizeOfField(field),
    }
    return wrap(Signal.BEGIN_FIELD, Signal.END_FIELD, own, this.type(field.type, place))
  }

  #group(group: Group): Token[] {
    const dimensions = this.type(group.dimensions, placeOf(group.dimensions))
    return wrap(
      Signal.BEGIN_GROUP,
      Signal.END_GROUP,
      { ...base(group), id: group.id, encodedLength: group.body.blockLength },
      [...dimensions, ...this.#body(group.body)],
    )
  }

  #varData(data: VarData): Token[] {
    return wrap(
      Signal.BEGIN_VAR_DATA,
      Signal.END_VAR_DATA,
      { ...base(data), id: data.id, typeName: data.type.name },
      this.type(data.type, placeOf(data.type)),
    )
  }

  #encoded(type: EncodedType, place: Place): Token {
    const presence = place.presence ?? type.presence
    return {
      signal: Signal.ENCODING,
      ...base(type),
      ...placed(type, place),
      encodedLength: presence === 'constant' ? 0 : sizeOfType({ ...type, presence }, sizeOfPrimitive),
      arrayLength: type.length,
      componentTokenCount: 1,
      encoding: {
        ...this.#encoding(type.primitiveType, type.nullValue, place.constant ?? type.constant),
        presence,
        minValue: type.minValue,
        maxValue: type.maxValue,
        characterEncoding: type.characterEncoding,
      },
    }
  }

  #enum(type: EnumType, place: Place): Token[] {
    const encoding = {
      ...this.#encoding(type.encoding, type.nullValue, place.constant),
      presence: place.presence ?? 'required',
    }
    const values = type.values.map((value) => ({
      signal: Signal.VALID_VALUE,
      ...base(value),
      encoding: this.#encoding(type.encoding, type.nullValue, value.value),
    }))
    const encodedLength = place.presence === 'constant' ? 0 : sizeOfPrimitive(type.encoding)
    const own = { ...base(type), ...placed(type, place), encodedLength, encoding }
    return wrap(Signal.BEGIN_ENUM, Signal.END_ENUM, own, values)
  }

  #set(type: SetType, place: Place): Token[] {
    const encoding = this.#encoding(type.encoding, undefined, undefined)
    const choices = type.choices.map((choice) => ({
      signal: Signal.CHOICE,
      ...base(choice),
      encoding: this.#encoding(type.encoding, undefined, choice.bit),
    }))
    const own = {
      ...base(type),
      ...placed(type, place),
      encodedLength: sizeOfPrimitive(type.encoding),
      encoding,
    }
    return wrap(Signal.BEGIN_SET, Signal.END_SET, own, choices)
  }

  #composite(type: CompositeType, place: Place): Token[] {
    const members = type.members.flatMap((member) =>
      this.type(member.type, {
        name: member.name,
        offset: member.offset,
        sinceVersion: member.sinceVersion,
        presence: undefined,
        constant: undefined,
      }),
    )
    const own = { ...base(type), ...placed(type, place), encodedLength: type.size }
    return wrap(Signal.BEGIN_COMPOSITE, Signal.END_COMPOSITE, own, members)
  }

  #encoding(
    primitiveType: PrimitiveType,
    nullValue: PrimitiveValue | undefined,
    constant: PrimitiveValue | string | undefined,
  ): Encoding {
    return {
      presence: 'required',
      primitiveType,
      littleEndian: this.#littleEndian,
      nullValue: nullValue ?? PRIMITIVES[primitiveType].nullValue,
      minValue: undefined,
      maxValue: undefined,
      constant,
      characterEncoding: undefined,
    }
  }
}

function base(part: Described): Omit<Token, 'signal'> {
  return {
    name: part.name,
    typeName: part.name,
    id: -1,
    version: part.sinceVersion,
    deprecated: part.deprecated,
    description: part.description,
    offset: 0,
    encodedLength: 0,
    arrayLength: 1,
    componentTokenCount: 1,
    encoding: undefined,
    line: part.line,
  }
}

function placed(type: SchemaType, place: Place): Pick<Token, 'name' | 'typeName' | 'offset' | 'version'> {
  return { name: place.name, typeName: type.name, offset: place.offset, version: place.sinceVersion }
}

function wrap(begin: Signal, end: Signal, own: Omit<Token, 'signal'>, inner: readonly Token[]): Token[] {
  const componentTokenCount = inner.length + 2
  return [
    { signal: begin, ...own, componentTokenCount },
    ...inner,
    { signal: end, ...own, componentTokenCount },
  ]
}
