import { sizeOfField } from './field.ts'
import { sizeOfPrimitive } from './primitives.ts'
import type { Problems } from './schema-error.ts'
import { sizeOfType } from './schema-model.ts'
import type { Body, CompositeType, EnumType, EnumValue, Schema, SchemaType } from './schema-model.ts'

/**
 * The schema as it was in an older version: without the types, messages, fields, groups, data, enum values, choices and
 * members that came later. A block is as long as the schema says, or else as its fields are.
 *
 * @throws SchemaError, through `problems`, where the version is newer than the schema, or had no such header
 */
export function olderSchema(schema: Schema, version: number, problems: Problems): Schema {
  if (!Number.isInteger(version) || version < 0 || version > schema.version) {
    problems.add(
      1,
      `Cannot generate version ${version}: the schema is version ${schema.version}; ask for a version from 0 to ${schema.version}`,
    )
  }
  const older = new OlderVersion(version, schema)
  if (older.type(schema.header) === undefined) {
    problems.add(
      schema.header,
      `Cannot generate version ${version}: the message header is since version ${schema.header.sinceVersion}; ask for that or a newer one`,
    )
  }
  problems.throwIfAny()
  if (version === schema.version) return schema
  return {
    ...schema,
    version,
    header: older.composite(schema.header),
    types: schema.types.map((type) => older.type(type)).filter((type) => type !== undefined),
    messages: older.known(schema.messages).map((message) => ({ ...message, body: older.body(message.body) })),
  }
}

class OlderVersion {
  readonly #version: number
  /** The enum values that constants are, as `Enum.VALUE`: they stay, even if they came after their field, as in the reference tool. */
  readonly #constants = new Set<string>()

  constructor(version: number, { messages }: Schema) {
    this.#version = version
    for (const { body } of this.known(messages)) this.#findConstants(body)
  }

  #findConstants({ fields, groups }: Body): void {
    for (const { valueRef } of this.known(fields)) if (valueRef !== undefined) this.#constants.add(valueRef)
    for (const { body } of this.known(groups)) this.#findConstants(body)
  }

  known<T extends { readonly sinceVersion: number }>(parts: readonly T[]): T[] {
    return parts.filter(({ sinceVersion }) => sinceVersion <= this.#version)
  }

  type(type: SchemaType): SchemaType | undefined {
    if (type.sinceVersion > this.#version) return undefined
    switch (type.kind) {
      case 'type':
        return type
      case 'enum':
        return { ...type, values: type.values.filter((value) => this.#isIn(type, value)) }
      case 'set':
        return { ...type, choices: this.known(type.choices) }
      case 'composite':
        return this.composite(type)
    }
  }

  #isIn(type: EnumType, { name, sinceVersion }: EnumValue): boolean {
    return sinceVersion <= this.#version || this.#constants.has(`${type.name}.${name}`)
  }

  composite(type: CompositeType): CompositeType {
    const members = this.known(type.members).flatMap((member) => {
      const own = this.type(member.type)
      return own === undefined ? [] : [{ ...member, type: own }]
    })
    const size = endOf(members, (member) => sizeOfType(member.type, sizeOfPrimitive))
    return { ...type, members, size }
  }

  body(body: Body): Body {
    const fields = this.known(body.fields).flatMap((field) => {
      const type = this.type(field.type)
      return type === undefined ? [] : [{ ...field, type }]
    })
    const end = endOf(fields, (field) => sizeOfField(field, sizeOfPrimitive))
    return {
      blockLength: Math.max(body.declaredBlockLength ?? 0, end),
      declaredBlockLength: body.declaredBlockLength,
      fields,
      groups: this.known(body.groups).map((group) => ({
        ...group,
        dimensions: this.composite(group.dimensions),
        body: this.body(group.body),
      })),
      varData: this.known(body.varData),
    }
  }
}

/** Where parts end; a constant, which has no bytes, may stand behind what came later. */
function endOf<T extends { readonly offset: number }>(
  parts: readonly T[],
  sizeOf: (part: T) => number,
): number {
  return Math.max(0, ...parts.map((part) => (sizeOf(part) > 0 ? part.offset + sizeOf(part) : 0)))
}
