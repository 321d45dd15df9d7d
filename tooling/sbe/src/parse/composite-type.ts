import { Attributes } from './attributes.ts'
import { MAX_LENGTH } from './encoded-type.ts'
import { PartOrder } from './part-order.ts'
import { isPrimitiveType, sizeOfPrimitive } from './primitives.ts'
import { sizeOfType } from './schema-model.ts'
import type { CompositeMember, CompositeType, SchemaType } from './schema-model.ts'
import type { TypeContext } from './type-table.ts'
import type { XmlElement } from './xml.ts'

const MEMBERS = ['type', 'enum', 'set', 'composite', 'ref']

/** Reads a `<composite>`, and what stands inside it. */
export function readCompositeType(element: XmlElement, context: TypeContext): CompositeType {
  const attributes = new Attributes(element, context.problems, ['offset', 'presence'])
  const described = attributes.described()
  const members: CompositeMember[] = []
  const order = new PartOrder(described.sinceVersion)
  let size = 0
  for (const child of element.children) {
    if (!MEMBERS.includes(child.name)) {
      reportElement(child, described.name, context)
      continue
    }
    const member = readMember(child, size, context)
    if (member === undefined) continue
    if (members.some((other) => other.name === member.name)) {
      context.problems.add(
        child,
        `Cannot use the schema: composite "${described.name}" has two members "${member.name}"; rename one`,
      )
    }
    members.push(member)
    const own = sizeOfType(member.type, sizeOfPrimitive)
    if (own > 0) order.add(member, new Attributes(child, context.problems, undefined))
    size = member.offset + own
  }
  if (members.length === 0) attributes.warn(`composite "${described.name}" has no members; add one`)
  const presence = attributes.presence() ?? 'required'
  return { kind: 'composite', ...described, packageName: context.packageName, presence, members, size }
}

function reportElement(child: XmlElement, composite: string, { problems }: TypeContext): void {
  if (child.name === 'group' || child.name === 'data') {
    problems.add(child, `Cannot use the schema: <${child.name}> in a composite; put it into the message`)
  } else
    problems.warnUnknown(child, `composite "${composite}"`, 'use <type>, <enum>, <set>, <composite> or <ref>')
}

function readMember(child: XmlElement, position: number, context: TypeContext): CompositeMember | undefined {
  const own: OwnMember | undefined =
    child.name === 'ref' ? readRef(child, context) : inline(context.read(child))
  if (own === undefined) return undefined
  if (own.type.kind === 'enum' && own.type.presence === 'constant') {
    context.problems.add(
      child,
      `Cannot use the schema: "${own.name}" in a composite is a constant enum, without a value; use a <type> with presence="constant" and valueRef`,
    )
  }
  // A type has reported what is wrong with its own attributes; the offset is that of its place.
  const offset = new Attributes(child, context.problems, undefined).integer('offset', MAX_LENGTH) ?? position
  if (offset < position) {
    context.problems.add(
      child,
      `Cannot use the schema: offset of "${own.name}" is ${offset}; make it ${position} or more, where the member before it ends`,
    )
  }
  return { ...own, offset, file: child.file, line: child.line }
}

type OwnMember = Omit<CompositeMember, 'offset' | 'file' | 'line'>

function inline(type: SchemaType | undefined): OwnMember | undefined {
  if (type === undefined) return undefined
  return { type, name: type.name, sinceVersion: type.sinceVersion, referencedName: undefined }
}

function readRef(element: XmlElement, context: TypeContext): OwnMember | undefined {
  const attributes = new Attributes(element, context.problems, ['type', 'offset'])
  const { name, sinceVersion } = attributes.described()
  const typeName = attributes.required('type')
  const type = context.find(typeName)
  if (isPrimitiveType(typeName) && type?.line === 0) {
    attributes.problem(`ref to the primitive type "${typeName}"; use <type primitiveType="${typeName}">`)
  }
  if (type === undefined) {
    if (typeName !== '' && !context.isDeclared(typeName)) {
      attributes.problem(`type "${typeName}" is not declared; declare it in <types> or correct the name`)
    }
    return undefined
  }
  // As in the reference tool, the version of a ref counts in place of that of its type.
  const since = element.attributes.has('sinceVersion') ? sinceVersion : type.sinceVersion
  return { type, name, sinceVersion: since, referencedName: typeName }
}
