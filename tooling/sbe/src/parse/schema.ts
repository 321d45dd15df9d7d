import { Attributes } from './attributes.ts'
import { readBody } from './body.ts'
import { MAX_LENGTH } from './encoded-type.ts'
import { numberMember } from './group-dimensions.ts'
import { holds } from './primitives.ts'
import { inLine, type Problems } from './schema-error.ts'
import type { CompositeType, EncodedType, Message, Schema, SchemaType } from './schema-model.ts'
import { isTypeElement, TypeTable } from './type-table.ts'
import type { ReadFile } from './xinclude.ts'
import { parseXml, SBE_NAMESPACES, type XmlElement } from './xml.ts'

const SCHEMA_ATTRIBUTES = ['package', 'id', 'version', 'semanticVersion', 'byteOrder', 'headerType']
const HEADER_MEMBERS = ['blockLength', 'templateId', 'schemaId', 'version']

/**
 * Reads and checks a schema.
 *
 * @param text the XML
 * @param problems takes the warnings, and every problem found before the errors are thrown
 * @param readFile reads the files that the schema includes
 * @throws SchemaError with every problem found, each with its file and line
 */
export function parseSchema(text: string, problems: Problems, readFile: ReadFile): Schema {
  const root = parseXml(text, problems, readFile)
  if (root.name !== 'messageSchema') {
    problems.add(root, `Cannot use the schema: the root is <${root.name}>; make it <sbe:messageSchema>`)
    problems.throwIfAny()
  }
  if (root.namespace !== null && !SBE_NAMESPACES.includes(root.namespace)) {
    problems.warn(root, `namespace "${root.namespace}" is not one of SBE; use ${SBE_NAMESPACES[0]}`)
  }
  const schema = readSchema(root, problems)
  problems.throwIfAny()
  return schema
}

function readSchema(root: XmlElement, problems: Problems): Schema {
  const attributes = new Attributes(root, problems, SCHEMA_ATTRIBUTES)
  const types = new TypeTable(problems)
  const messageElements: XmlElement[] = []
  for (const child of root.children) {
    if (child.name === 'types') {
      const packageName = child.attributes.get('package')
      for (const element of child.children) {
        if (isTypeElement(element)) types.declare(element, packageName)
        else problems.warnUnknown(element, '<types>', 'use <type>, <enum>, <set> or <composite>')
      }
    } else if (child.name === 'message') {
      messageElements.push(child)
    } else {
      problems.warnUnknown(child, `<${root.name}>`, 'use <types> or <sbe:message>')
    }
  }
  const all = types.all()
  const version = attributes.integer('version', MAX_LENGTH) ?? 0
  const id = attributes.requiredInteger('id', MAX_LENGTH)
  const header = readHeader(attributes, types, problems)
  const messages = messageElements.map((element) => readMessage(element, types, version, problems))
  for (const message of messages) checkHeaderValues(message, { header, id, version }, problems)
  if (messages.length === 0) problems.warn(root, 'the schema has no messages; add a <sbe:message>')
  checkUnique(messages, problems)
  checkVersions(all, version, problems)
  return {
    file: problems.file,
    package: attributes.required('package'),
    id,
    version,
    semanticVersion: attributes.text('semanticVersion'),
    description: attributes.text('description') ?? '',
    littleEndian: byteOrderOf(attributes),
    header,
    types: all,
    messages,
  }
}

function byteOrderOf(attributes: Attributes): boolean {
  const order = attributes.text('byteOrder') ?? 'littleEndian'
  if (order !== 'littleEndian' && order !== 'bigEndian') {
    attributes.problem(`byteOrder is "${order}"; make it littleEndian or bigEndian`)
  }
  return order !== 'bigEndian'
}

function readHeader(attributes: Attributes, types: TypeTable, problems: Problems): CompositeType {
  const name = attributes.text('headerType') ?? 'messageHeader'
  const header = types.find(name)
  if (header?.kind === 'composite') {
    checkHeader(attributes, header, problems)
    return header
  }
  if (!types.isDeclared(name)) {
    attributes.problem(
      `the message header "${name}" is not declared; add a composite of that name to <types>`,
    )
  } else if (header !== undefined) {
    attributes.problem(`the message header "${name}" is a ${header.kind}; make it a composite`)
  }
  const { file, line } = attributes.element
  const described = { name, description: '', sinceVersion: 0, deprecated: undefined, semanticType: undefined }
  const type = { presence: 'required', packageName: undefined } as const
  return { kind: 'composite', ...described, ...type, file, line, members: [], size: 0 }
}

function checkHeader(attributes: Attributes, header: CompositeType, problems: Problems): void {
  for (const name of HEADER_MEMBERS) {
    const type = numberMember(header, name) ?? constantMember(header, name)
    const isSigned = type?.primitiveType.startsWith('int') === true
    if (type === undefined || type.primitiveType.endsWith('64') || (isSigned && name === 'blockLength')) {
      const unsigned = name === 'blockLength' ? 'unsigned ' : ''
      attributes.problem(`header "${header.name}" has no ${unsigned}"${name}" of at most 32 bits; add it`)
    } else if (type.primitiveType !== 'uint16') {
      problems.warn(
        type.line > 0 ? type : header,
        `"${name}" of the message header is ${type.primitiveType}; uint16 is usual`,
      )
    }
  }
}

/** A member of the header that is always the same, and not on the wire. */
function constantMember(header: CompositeType, name: string): EncodedType | undefined {
  const type = header.members.find((member) => member.name === name)?.type
  return type?.kind === 'type' && typeof type.constant === 'number' ? type : undefined
}

function readMessage(element: XmlElement, types: TypeTable, version: number, problems: Problems): Message {
  const attributes = new Attributes(element, problems, ['id', 'blockLength'])
  const described = attributes.described()
  if (described.sinceVersion > version) problems.add(element, tooNew(described, version))
  return {
    ...described,
    id: attributes.requiredInteger('id', MAX_LENGTH),
    body: readBody(element, {
      types,
      problems,
      version,
      owner: `message "${described.name}"`,
      sinceVersion: described.sinceVersion,
    }),
  }
}

/** The reference tool would write them cut off. */
function checkHeaderValues(
  message: Message,
  { header, id, version }: Pick<Schema, 'header' | 'id' | 'version'>,
  problems: Problems,
): void {
  const values = { blockLength: message.body.blockLength, templateId: message.id, schemaId: id, version }
  for (const [name, value] of Object.entries(values)) {
    const type = numberMember(header, name)
    if (type === undefined || holds(type.primitiveType, value)) continue
    problems.add(
      message,
      `Cannot use the schema: ${name} of message "${message.name}" is ${value}, which the ${type.primitiveType} of the message header cannot hold; make the ${name} less, or the type wider`,
    )
  }
}

function checkUnique(messages: readonly Message[], problems: Problems): void {
  for (const [index, message] of messages.entries()) {
    const twin = messages
      .slice(0, index)
      .find((other) => other.id === message.id || other.name === message.name)
    if (twin !== undefined) {
      problems.add(
        message,
        `Cannot use the schema: message "${message.name}" (id ${message.id}) has the name or id of "${twin.name}" (id ${twin.id}) in ${inLine(twin, message)}; change one`,
      )
    }
  }
}

function checkVersions(types: readonly SchemaType[], version: number, problems: Problems): void {
  for (const type of types) {
    const parts: readonly PartOfType[] = [type, ...partsOf(type)]
    for (const part of parts) {
      if (part.sinceVersion > version) problems.add(part, tooNew(part, version))
    }
  }
}

function partsOf(type: SchemaType): readonly PartOfType[] {
  if (type.kind === 'enum') return type.values
  if (type.kind === 'set') return type.choices
  return type.kind === 'composite' ? type.members : []
}

type PartOfType = Pick<SchemaType, 'name' | 'sinceVersion' | 'file' | 'line'>

function tooNew(part: PartOfType, version: number): string {
  return `Cannot use the schema: "${part.name}" is since version ${part.sinceVersion} and the schema is version ${version}; raise the version of the schema`
}
