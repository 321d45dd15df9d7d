import { Attributes } from './attributes.ts'
import { CHARSET_LIST, charsetNamed } from './character-encoding.ts'
import {
  isPrimitiveType,
  parsePrimitiveValue,
  PRIMITIVE_LIST,
  PRIMITIVES,
  sizeOfPrimitive,
} from './primitives.ts'
import type { PrimitiveType, PrimitiveValue } from './primitives.ts'
import type { EncodedType } from './schema-model.ts'
import type { TypeContext } from './type-table.ts'
import { findEnumValue } from './value-ref.ts'
import type { XmlElement } from './xml.ts'

/** The most bytes that anything can have: lengths and offsets are 32-bit signed integers in the reference tool. */
export const MAX_LENGTH = 0x7fffffff

const TYPE_ATTRIBUTES = [
  'primitiveType',
  'length',
  'offset',
  'presence',
  'nullValue',
  'minValue',
  'maxValue',
  'characterEncoding',
  'valueRef',
  'variableLength',
  'timeUnit',
  'epoch',
]

/** Reads a `<type>`. */
export function readEncodedType(element: XmlElement, context: TypeContext): EncodedType | undefined {
  const attributes = new Attributes(element, context.problems, TYPE_ATTRIBUTES)
  const described = attributes.described()
  const primitiveType = attributes.required('primitiveType')
  if (!isPrimitiveType(primitiveType)) {
    if (primitiveType !== '') {
      attributes.problem(`primitive type "${primitiveType}" is not one of SBE; use ${PRIMITIVE_LIST}`)
    }
    return undefined
  }
  const value = (name: string): PrimitiveValue | undefined =>
    primitiveValue(attributes, primitiveType, name, attributes.text(name))
  const presence = attributes.presence() ?? 'required'
  const constant =
    presence === 'constant' ? constantOf(attributes, primitiveType, context) : checkNoValueRef(attributes)
  const length = attributes.integer('length', MAX_LENGTH)
  // Protocol: the way of old to say that it is the bytes of variable-length data.
  const isVariable = attributes.text('variableLength') === 'true'
  // Protocol: the text of a char is US-ASCII unless the schema says otherwise.
  const defaultEncoding = primitiveType === 'char' ? 'US-ASCII' : undefined
  const type: EncodedType = {
    kind: 'type',
    ...described,
    packageName: context.packageName,
    primitiveType,
    length: isVariable ? 0 : (length ?? (typeof constant === 'string' ? constant.length : 1)),
    presence,
    nullValue: value('nullValue'),
    minValue: value('minValue'),
    maxValue: value('maxValue'),
    constant,
    characterEncoding: (attributes.text('characterEncoding')?.trim() ?? defaultEncoding) || undefined,
  }
  checkLimits(attributes, type)
  checkCharset(attributes, type)
  return type
}

/** The type behind the name of a primitive type. */
export function primitiveTypeOf(name: PrimitiveType): EncodedType {
  return {
    kind: 'type',
    name,
    description: '',
    sinceVersion: 0,
    deprecated: undefined,
    semanticType: undefined,
    file: '',
    line: 0,
    packageName: undefined,
    primitiveType: name,
    length: 1,
    presence: 'required',
    nullValue: undefined,
    minValue: undefined,
    maxValue: undefined,
    constant: undefined,
    characterEncoding: undefined,
  }
}

/** The value that the text of an attribute or element stands for; what cannot be one is reported. */
export function primitiveValue(
  attributes: Attributes,
  type: PrimitiveType,
  what: string,
  text: string | undefined,
): PrimitiveValue | undefined {
  if (text === undefined) return undefined
  const value = parsePrimitiveValue(type, text)
  if (value === undefined) {
    const remedy = type === 'char' ? 'one character of US-ASCII' : `a value of ${type}`
    attributes.problem(`${what} is "${text}"; make it ${remedy}`)
  }
  return value
}

function checkLimits(attributes: Attributes, type: EncodedType): void {
  const { minValue, maxValue, nullValue, presence } = type
  if (nullValue !== undefined && presence !== 'optional') {
    attributes.warn(
      `"${type.name}" has a nullValue and is ${presence}; make it optional, or remove the nullValue`,
    )
  }
  const facts = PRIMITIVES[type.primitiveType]
  const [min, max] = [minValue ?? facts.minValue, maxValue ?? facts.maxValue]
  if ((minValue !== undefined || maxValue !== undefined) && min > max) {
    attributes.warn(
      `"${type.name}" has minValue ${min}, which is more than its maxValue ${max}; no value is valid`,
    )
  }
}

function checkCharset(attributes: Attributes, type: EncodedType): void {
  const { characterEncoding } = type
  // The rest are numbers, whatever they say of characters.
  if (characterEncoding === undefined || characterEncoding === '' || sizeOfPrimitive(type.primitiveType) > 1)
    return
  if (charsetNamed(characterEncoding) !== undefined) return
  attributes.problem(
    `characterEncoding "${characterEncoding}" of "${type.name}" is not one the generator knows; use ${CHARSET_LIST}`,
  )
}

function checkNoValueRef(attributes: Attributes): undefined {
  const valueRef = attributes.text('valueRef')
  if (valueRef === undefined) return
  attributes.problem(
    `valueRef "${valueRef}" on a type that is not constant; add presence="constant", or remove it`,
  )
}

function constantOf(
  attributes: Attributes,
  type: PrimitiveType,
  context: TypeContext,
): PrimitiveValue | string | undefined {
  const valueRef = attributes.text('valueRef')
  if (valueRef !== undefined) {
    const found = findEnumValue(attributes, valueRef, context)
    if (found === undefined) return undefined
    if (found.type.encoding === type) return found.value.value
    attributes.problem(
      `valueRef "${valueRef}" is a value of ${found.type.encoding} and the type is ${type}; use one primitiveType for both`,
    )
    return undefined
  }
  const { rawText, text } = attributes.element
  // Blanks count in a constant of characters, as in the reference tool; one of nothing else is a mistake.
  const written = type === 'char' ? rawText : text
  if (written === '') {
    attributes.problem('a constant without a value; put the value inside the element')
    return undefined
  }
  const length = attributes.integer('length', MAX_LENGTH)
  if (type !== 'char') return primitiveValue(attributes, type, 'the constant', text)
  if (length !== undefined && length < written.length) {
    attributes.problem(`the constant "${written}" is longer than its length ${length}; make the length more`)
  }
  return charConstant(attributes, written, length ?? written.length)
}

/** Text, or the code of a single character. The reference tool makes a question mark of what its encoding cannot say. */
function charConstant(attributes: Attributes, written: string, length: number): number | string | undefined {
  const name = attributes.text('characterEncoding')?.trim() ?? 'US-ASCII'
  const charset = charsetNamed(name)
  const greatest = charset === 'ascii' ? 0x7f : charset === 'latin1' ? 0xff : 0x10ffff
  const isSingle = written.length === 1 && length === 1
  // A single character is one byte, whatever the encoding.
  const most = isSingle && charset !== 'latin1' ? 0x7f : greatest
  if (Array.from(written).some((character) => (character.codePointAt(0) ?? 0) > most)) {
    attributes.problem(
      `the constant "${written}" is not ${isSingle ? 'one byte of ' : ''}${name}; write it in that, or give another characterEncoding`,
    )
    return undefined
  }
  return isSingle ? written.charCodeAt(0) : written
}
