import { Attributes } from './attributes.ts'
import { readBody } from './body.ts'
import { Problems } from './schema-error.ts'
import type { CompositeType, Message, Schema, SchemaType } from './schema-model.ts'
import { TypeTable } from './types.ts'
import { parseXml, type XmlElement } from './xml.ts'

const SCHEMA_ATTRIBUTES = ['package', 'id', 'version', 'semanticVersion', 'byteOrder', 'headerType']
const HEADER_MEMBERS = ['blockLength', 'templateId', 'schemaId', 'version']

/** Namespaces that SBE has used for its elements. */
const SBE_NAMESPACES = ['http://fixprotocol.io/2016/sbe', 'http://fixprotocol.io/2017/sbe']

/**
 * Reads and checks a schema.
 *
 * @param text the XML
 * @param file name of the file, for the errors
 * @throws SchemaError with every problem found, each with its line
 */
export function parseSchema(text: string, file: string): Schema {
  const problems = new Problems(file)
  const root = parseXml(text, problems)
  if (root.name !== 'messageSchema') {
    problems.add(root.line, `Cannot use the schema: the root is <${root.name}>; make it <sbe:messageSchema>`)
    problems.throwIfAny()
  }
  if (root.namespace !== null && !SBE_NAMESPACES.includes(root.namespace)) {
    problems.add(
      root.line,
      `Cannot use the schema: namespace "${root.namespace}" is not one of SBE; use ${SBE_NAMESPACES[0]}`,
    )
  }
  const schema = readSchema(root, file, problems)
  problems.throwIfAny()
  return schema
}

function readSchema(root: XmlElement, file: string, problems: Problems): Schema {
  const attributes = new Attributes(root, problems, SCHEMA_ATTRIBUTES)
  const types = new TypeTable(problems)
  const messageElements: XmlElement[] = []
  for (const child of root.children) {
    if (child.name === 'types') {
      for (const element of child.children) types.declare(element)
    } else if (child.name === 'message') {
      messageElements.push(child)
    } else {
      problems.add(
        child.line,
        `Cannot use the schema: <${child.name}> is not known here; use <types> or <sbe:message>`,
      )
    }
  }
  const all = types.all()
  const version = attributes.requiredInteger('version', 0xffff)
  const messages = messageElements.map((element) => readMessage(element, types, version, problems))
  checkUnique(messages, problems)
  checkVersions(all, version, problems)
  return {
    file,
    package: attributes.required('package'),
    id: attributes.requiredInteger('id', 0xffff),
    version,
    description: attributes.text('description') ?? '',
    littleEndian: byteOrderOf(attributes),
    header: readHeader(attributes, types),
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

function readHeader(attributes: Attributes, types: TypeTable): CompositeType {
  const name = attributes.text('headerType') ?? 'messageHeader'
  const header = types.find(name)
  if (header?.kind === 'composite') {
    for (const member of HEADER_MEMBERS) {
      const type = header.members.find((other) => other.name === member)?.type
      if (
        type?.kind !== 'type' ||
        type.length !== 1 ||
        !['uint8', 'uint16', 'uint32'].includes(type.primitiveType)
      ) {
        attributes.problem(`header "${name}" has no unsigned "${member}" of at most 32 bits; add it`)
      }
    }
    return header
  }
  if (!types.isDeclared(name)) {
    attributes.problem(
      `the message header "${name}" is not declared; add a composite of that name to <types>`,
    )
  } else if (header !== undefined) {
    attributes.problem(`the message header "${name}" is a ${header.kind}; make it a composite`)
  }
  const described = { name, description: '', sinceVersion: 0, deprecated: undefined, line: 0 }
  return { kind: 'composite', ...described, members: [], size: 0 }
}

function readMessage(element: XmlElement, types: TypeTable, version: number, problems: Problems): Message {
  const attributes = new Attributes(element, problems, ['id', 'blockLength'])
  const described = attributes.described()
  return {
    ...described,
    id: attributes.requiredInteger('id', 0xffff),
    body: readBody(element, { types, problems, version, owner: `message "${described.name}"` }),
  }
}

function checkUnique(messages: readonly Message[], problems: Problems): void {
  for (const [index, message] of messages.entries()) {
    const twin = messages
      .slice(0, index)
      .find((other) => other.id === message.id || other.name === message.name)
    if (twin !== undefined) {
      problems.add(
        message.line,
        `Cannot use the schema: message "${message.name}" (id ${message.id}) has the name or id of "${twin.name}" (id ${twin.id}) in line ${twin.line}; change one`,
      )
    }
  }
}

function checkVersions(types: readonly SchemaType[], version: number, problems: Problems): void {
  for (const type of types) {
    const parts = type.kind === 'enum' ? type.values : type.kind === 'set' ? type.choices : []
    for (const part of [type, ...parts]) {
      if (part.sinceVersion > version) {
        problems.add(
          part.line,
          `Cannot use the schema: "${part.name}" is since version ${part.sinceVersion} and the schema is version ${version}; raise the version of the schema`,
        )
      }
    }
  }
}
