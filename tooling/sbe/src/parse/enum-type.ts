import { Attributes } from './attributes.ts'
import { primitiveValue } from './encoded-type.ts'
import { isExpected, namedEncoding } from './named-encoding.ts'
import { PRIMITIVES } from './primitives.ts'
import type { PrimitiveType, PrimitiveValue } from './primitives.ts'
import { inLine } from './schema-error.ts'
import type { EncodedType, EnumType, EnumValue } from './schema-model.ts'
import type { TypeContext } from './type-table.ts'
import type { XmlElement } from './xml.ts'

const ENUM_ENCODINGS: readonly PrimitiveType[] = [
  'char',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
]

/** Reads an `<enum>`. */
export function readEnumType(element: XmlElement, context: TypeContext): EnumType | undefined {
  const known = ['encodingType', 'offset', 'nullValue', 'presence']
  const attributes = new Attributes(element, context.problems, known)
  const described = attributes.described()
  const encoded = namedEncoding(attributes, context, ENUM_ENCODINGS)
  if (encoded === undefined) return undefined
  const encoding = encoded.primitiveType
  const declaredNull = primitiveValue(attributes, encoding, 'nullValue', attributes.text('nullValue'))
  const nullValue = declaredNull ?? encoded.nullValue ?? PRIMITIVES[encoding].nullValue
  // Of two values of one name the later counts, in the place of the first, as in the reference tool.
  const values = new Map<string, EnumValue>()
  for (const child of element.children) {
    if (!isExpected(child, 'validValue', context, 'enum')) continue
    const value = readValue(new Attributes(child, context.problems, []), encoded, nullValue, values.values())
    if (value !== undefined) values.set(value.name, value)
  }
  if (values.size === 0) {
    attributes.warn(`enum "${described.name}" has no values; add a <validValue>`)
  }
  const presence = attributes.presence() ?? 'required'
  const { packageName } = context
  return {
    kind: 'enum',
    ...described,
    packageName,
    presence,
    encoding,
    nullValue,
    values: [...values.values()],
  }
}

function readValue(
  attributes: Attributes,
  encoded: EncodedType,
  nullValue: PrimitiveValue,
  values: Iterable<EnumValue>,
): EnumValue | undefined {
  const described = attributes.described()
  const { name } = described
  const { text, rawText } = attributes.element
  const encoding = encoded.primitiveType
  // A blank may be a value of characters; the line breaks of a tidy file are none.
  const written = encoding === 'char' && rawText === ' ' ? rawText : text
  const value = primitiveValue(attributes, encoding, `value "${name}"`, written)
  if (value === undefined) return undefined
  for (const twin of values) {
    const at = inLine(twin, described)
    if (twin.name === name) {
      attributes.warn(`"${name}" is in ${at} too, and that one has no effect; remove one, or rename it`)
    } else if (twin.value === value) {
      attributes.warn(
        `"${name}" has the value of "${twin.name}" in ${at}, which cannot be told apart; change one`,
      )
    }
  }
  const min = encoded.minValue ?? PRIMITIVES[encoding].minValue
  const max = encoded.maxValue ?? PRIMITIVES[encoding].maxValue
  // As in the reference tool, characters are not limited.
  if (encoding === 'char') return { ...described, value }
  if (value === nullValue) {
    attributes.problem(
      `"${name}" is ${value}, which is the null value; use another, or give the enum another`,
    )
  } else if (value < min || value > max) {
    attributes.problem(`"${name}" is ${value}; make it a value from ${min} to ${max}`)
  }
  return { ...described, value }
}
