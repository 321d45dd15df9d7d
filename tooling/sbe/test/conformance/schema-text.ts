/** A schema of our own for one construct of the language. */
export interface Construct {
  readonly name: string
  /** The whole schema. */
  readonly xml: string
}

/** The usual message header. */
export const HEADER: string = `<composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
  <type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/></composite>`
/** The usual dimensions of groups. */
export const DIMENSIONS: string = `<composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="uint16"/></composite>`

/** All primitive types. */
export const PRIMITIVES: readonly string[] = [
  'char',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float',
  'double',
]
/** Those that are integers. */
export const INTEGERS: readonly string[] = PRIMITIVES.filter(
  (type) => !['char', 'float', 'double'].includes(type),
)

/** The parts of a schema that differ. */
export interface Parts {
  readonly types?: string
  readonly messages: string
  /** Attributes of the schema, such as its byte order. */
  readonly attributes?: string
  readonly header?: string
  readonly version?: number
}

/** The reference wants lengths and counts of 32 bits to be limited to what an int of Java holds. */
export const MAX: string = 'maxValue="2147483647"'

let nextId = 1

/** Makes a construct. */
export function construct(name: string, parts: Parts): Construct {
  const { types = '', messages, attributes = '', header = HEADER, version = 0 } = parts
  const id = nextId++
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="conformance" id="${id}" version="${version}" semanticVersion="1" ${attributes}>
<types>${header}${DIMENSIONS}${types}</types>
${messages}
</sbe:messageSchema>
`
  return { name, xml }
}

/** A message named after its id. */
export function message(body: string, id = 1, more = ''): string {
  return `<sbe:message name="M${id}" id="${id}" ${more}>${body}</sbe:message>`
}

/** A field. */
export function field(name: string, id: number, type: string, more = ''): string {
  return `<field name="${name}" id="${id}" type="${type}" ${more}/>`
}

/** A composite for variable-length data. */
export function varData(
  name: string,
  lengthType: string,
  dataType: string,
  more = '',
  lengthMore: string = lengthType === 'uint32' ? MAX : '',
): string {
  return `<composite name="${name}"><type name="length" primitiveType="${lengthType}" ${lengthMore}/><type name="varData" primitiveType="${dataType}" length="0" ${more}/></composite>`
}

/** One field of each type, f0 and so on. */
export const fields = (list: readonly string[]): string =>
  list.map((type, index) => field(`f${index}`, index + 1, type)).join('\n')

/** One type for each of several. */
export const types = (all: readonly string[], one: (type: string) => string): string =>
  all.map(one).join('\n')

/** An enum of the values, V0 and so on. */
export function enumOf(name: string, encoding: string, values: readonly string[], more = ''): string {
  const inner = values.map((value, index) => `<validValue name="V${index}">${value}</validValue>`).join('')
  return `<enum name="${name}" encodingType="${encoding}" ${more}>${inner}</enum>`
}

/** A set of the bits, b0 and so on. */
export function setOf(name: string, encoding: string, bits: readonly number[]): string {
  const inner = bits.map((bit) => `<choice name="b${bit}">${bit}</choice>`).join('')
  return `<set name="${name}" encodingType="${encoding}">${inner}</set>`
}
