import type { Attributes } from './attributes.ts'
import type { PrimitiveType } from './primitives.ts'
import type { EncodedType } from './schema-model.ts'
import type { TypeContext } from './type-table.ts'

/** The type that an encodingType names: a primitive type, or a `<type>` of one value. What cannot be one is reported. */
export function namedEncoding(
  attributes: Attributes,
  context: TypeContext,
  allowed: readonly PrimitiveType[],
): EncodedType | undefined {
  const name = attributes.required('encodingType')
  const type = context.find(name)
  if (type?.kind === 'type' && type.length === 1 && allowed.includes(type.primitiveType)) return type
  if (name !== '') {
    attributes.problem(
      `encodingType is "${name}"; use ${allowed.join(', ')}, or a <type> of length 1 of one of them`,
    )
  }
  return undefined
}

/** Whether a child is of the one kind that its parent may have; of another is warned. */
export function isExpected(
  child: Attributes['element'],
  name: string,
  context: TypeContext,
  parent: string,
): boolean {
  if (child.name === name) return true
  context.problems.warnUnknown(child, `<${parent}>`, `use <${name}>`)
  return false
}
