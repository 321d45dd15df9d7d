import type { BodyShape, DataShape, FieldShape } from './shape.ts'
import type { BodyValue, FieldValue } from './values.ts'

/** What a reader of another version has to see: what it knows and the writer wrote, and for the rest what absence reads as. */
export function project(value: BodyValue, writer: BodyShape, reader: BodyShape, asBytes: boolean): BodyValue {
  return {
    fields: projectFields(value.fields, writer.fields, reader.fields),
    groups: reader.groups.map(({ name, body }) => {
      const index = writer.groups.findIndex((group) => group.name === name)
      const written = writer.groups[index]
      if (written === undefined) return []
      return (value.groups[index] ?? []).map((entry) => project(entry, written.body, body, asBytes))
    }),
    data: reader.data.map((data) => {
      const index = writer.data.findIndex(({ name }) => name === data.name)
      return value.data[index] ?? absentData(data, asBytes)
    }),
  }
}

function projectFields(
  values: readonly FieldValue[],
  writer: readonly FieldShape[],
  reader: readonly FieldShape[],
): FieldValue[] {
  return reader.map((field) => {
    const index = writer.findIndex(({ name }) => name === field.name)
    const [written, value] = [writer[index], values[index]]
    if (written === undefined) return absent(field)
    if (field.kind !== 'composite' || written.kind !== 'composite' || !Array.isArray(value)) return value
    return projectFields(value as readonly FieldValue[], written.members, field.members)
  })
}

function absent(field: FieldShape): FieldValue {
  switch (field.kind) {
    case 'scalar':
    case 'enum':
      return field.nullValue
    case 'array':
      return Array.from({ length: field.length }, () => field.nullValue)
    case 'text':
      return ''
    case 'constant':
      return field.value
    case 'set':
      return field.type === 'uint64' ? 0n : 0
    case 'composite':
      return undefined
  }
}

function absentData({ charset }: DataShape, asBytes: boolean): string | Uint8Array {
  return charset === undefined || asBytes ? new Uint8Array() : ''
}

/**
 * A schema as it was in an older version: without what came later. For schemas in which every element that has a sinceVersion
 * is empty or a message.
 */
export function olderSchema(xml: string, version: number): string {
  const isNewer = (element: string): boolean =>
    Number(/sinceVersion="(\d+)"/.exec(element)?.[1] ?? 0) > version
  return xml
    .replaceAll(/<sbe:message [^>]*[^/]>[^]*?<\/sbe:message>/g, (message) =>
      isNewer(message.slice(0, message.indexOf('>'))) ? '' : message,
    )
    .replaceAll(/<group [^>]*>[^]*?<\/group>/g, (group) =>
      isNewer(group.slice(0, group.indexOf('>'))) ? '' : group,
    )
    .replaceAll(/<(?:field|data|type|validValue|choice|ref) [^>]*\/>/g, (element) =>
      isNewer(element) ? '' : element,
    )
    .replace(/(<sbe:messageSchema[^>]*\sversion=")\d+"/, `$1${version}"`)
}
