import { Attributes } from './attributes.ts'
import { findType, type BodyContext } from './body-context.ts'
import { MAX_LENGTH } from './encoded-type.ts'
import { numberMember, readGroupDimensions } from './group-dimensions.ts'
import { holds, sizeOfPrimitive } from './primitives.ts'
import { readField, sizeOfField } from './field.ts'
import { PartOrder } from './part-order.ts'
import { inLine, type Location } from './schema-error.ts'
import type { Body, Field, Group, VarData } from './schema-model.ts'
import { readVarData } from './var-data.ts'
import type { XmlElement } from './xml.ts'

const ORDER = ['field', 'group', 'data']
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  field: ['id', 'type', 'offset', 'presence', 'valueRef', 'timeUnit', 'epoch'],
  group: ['id', 'dimensionType', 'blockLength'],
  data: ['id', 'type', 'offset', 'presence', 'timeUnit', 'epoch'],
}

/** Names and ids that a message or group has already used. */
interface Used {
  readonly names: Map<string, Location>
  readonly ids: Map<number, Location & { readonly name: string }>
}

/** Reads the fields, groups and variable-length data of a message or group, in that order. */
export function readBody(element: XmlElement, context: BodyContext): Body {
  const fields: Field[] = []
  const groups: Group[] = []
  const varData: VarData[] = []
  const used: Used = { names: new Map(), ids: new Map() }
  const order = new PartOrder(context.sinceVersion)
  let position = 0
  let reached = 0
  for (const child of element.children) {
    const kind = ORDER.indexOf(child.name)
    if (kind < 0) {
      context.problems.warnUnknown(child, context.owner, 'use <field>, <group> or <data>')
      continue
    }
    const attributes = new Attributes(child, context.problems, KNOWN[child.name])
    if (kind < reached) {
      attributes.problem(
        `<${child.name}> after <${ORDER[reached]}> in ${context.owner}; put fields first, then groups, then data`,
      )
    }
    reached = Math.max(reached, kind)
    const id = attributes.requiredInteger('id', MAX_LENGTH)
    checkUnique(attributes, id, used, context)
    if (child.name === 'field') {
      const field = readField(attributes, { id, position }, context)
      if (field === undefined) continue
      fields.push(field)
      const size = sizeOfField(field, sizeOfPrimitive)
      if (size > 0) order.add(field, attributes)
      position = field.offset + size
    } else if (child.name === 'group') {
      const group = readGroup(attributes, id, context)
      if (group !== undefined) groups.push(group)
    } else {
      const data = readVarData(attributes, id, context)
      if (data !== undefined) varData.push(data)
    }
  }
  return { ...blockLengthOf(element, position, context), fields, groups, varData }
}

function blockLengthOf(
  element: XmlElement,
  position: number,
  context: BodyContext,
): Pick<Body, 'blockLength' | 'declaredBlockLength'> {
  const attributes = new Attributes(element, context.problems, undefined)
  const declared = attributes.integer('blockLength', MAX_LENGTH)
  // Protocol: as in the reference tool, a blockLength of 0 is none.
  const declaredBlockLength = declared === 0 ? undefined : declared
  if (declaredBlockLength !== undefined && declaredBlockLength < position) {
    attributes.problem(
      `blockLength of ${context.owner} is ${declared}; make it ${position} or more, where its fields end`,
    )
  }
  return { blockLength: Math.max(declaredBlockLength ?? 0, position), declaredBlockLength }
}

function checkUnique(attributes: Attributes, id: number, used: Used, context: BodyContext): void {
  const described = attributes.described()
  const { name, sinceVersion } = described
  const other = used.names.get(name)
  if (other !== undefined) {
    attributes.problem(`${context.owner} has "${name}" here and in ${inLine(other, described)}; rename one`)
  }
  used.names.set(name, described)
  const twin = used.ids.get(id)
  if (twin !== undefined && attributes.text('id') !== undefined) {
    attributes.problem(
      `"${name}" of ${context.owner} has the id ${id} of "${twin.name}" in ${inLine(twin, described)}; change one`,
    )
  }
  used.ids.set(id, described)
  if (sinceVersion > context.version) {
    attributes.problem(
      `"${name}" is since version ${sinceVersion} and the schema is version ${context.version}; raise the version of the schema`,
    )
  }
}

function readGroup(attributes: Attributes, id: number, context: BodyContext): Group | undefined {
  const described = attributes.described()
  const owner = `group "${described.name}"`
  const typeName = attributes.text('dimensionType') ?? 'groupSizeEncoding'
  const dimensions = readGroupDimensions(
    attributes,
    findType(attributes, typeName, context),
    typeName,
    context,
  )
  const sinceVersion = Math.max(context.sinceVersion, described.sinceVersion)
  const body = readBody(attributes.element, { ...context, owner, sinceVersion })
  if (dimensions === undefined) return undefined
  const type = numberMember(dimensions, 'blockLength')?.primitiveType
  if (type !== undefined && !holds(type, body.blockLength)) {
    attributes.problem(
      `the block of ${owner} has ${body.blockLength} bytes, which the ${type} of "${typeName}" cannot hold; make it less, or the type wider`,
    )
  }
  return { ...described, id, dimensions, body }
}
