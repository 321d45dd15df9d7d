import type { FieldView } from '../ir/body-view.ts'
import type { Encoding } from '../ir/encoding.ts'
import { PRIMITIVES } from '../parse/primitives.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { printAbsent, wireDoc } from './field-parts.ts'
import { constantName } from './names.ts'
import {
  literal,
  plus,
  readScalar,
  scalarType,
  stringLiteral,
  textEncoding,
  writeScalar,
} from './primitive.ts'
import type { Scalar } from './primitive.ts'

/** Prints the getter of an array of fixed length: a string for char, else one element by its index. */
export function printArrayGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const encoding = encodingOf(field)
  const member = members.own(token.name, token.line)
  out.line()
  if (encoding.primitiveType === 'char') {
    out.doc(
      token.description,
      `Up to its first zero byte; empty where it is absent. ${wireDoc(field)}`,
      deprecation(token),
    )
    out.block(`get ${member}(): string {`, () => {
      printAbsent(scope, field, "''")
      const read = out.import('getFixedText', context.runtime)
      const at = plus('this.#offset', token.offset)
      out.line(`return ${read}(this.#view, ${at}, ${type.arrayLength}, '${charset(encoding)}')`)
    })
    return
  }
  const scalar = elementOf(scope, field)
  out.doc(
    token.description,
    `The element at an index from 0; the null value of ${encoding.primitiveType} where it is absent. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`${member}(index: number): ${scalarType(encoding, scalar.asNumber)} {`, () => {
    out.line(checkIndex(scope, field))
    printAbsent(scope, field, literal(encoding.nullValue, scalar.asNumber))
    out.line(`return ${readScalar(out, context, scalar)}`)
  })
}

/** Prints the setter of an array of fixed length: a string for char, else one element by its index. */
export function printArraySetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const encoding = encodingOf(field)
  const member = members.own(token.name, token.line)
  out.line()
  if (encoding.primitiveType === 'char') {
    out.doc(token.description, `Filled up with zero bytes. ${wireDoc(field)}`, deprecation(token))
    out.block(`${member}(value: string): this {`, () => {
      const write = out.import('putFixedText', context.runtime)
      const at = plus('this.#offset', token.offset)
      const name = stringLiteral(`${scope.owner}.${token.name}`)
      out.line(`${write}(this.#view, ${at}, ${type.arrayLength}, value, '${charset(encoding)}', ${name})`)
      out.line('return this')
    })
    return
  }
  const scalar = elementOf(scope, field)
  out.doc(token.description, `The element at an index from 0. ${wireDoc(field)}`, deprecation(token))
  out.block(`${member}(index: number, value: ${scalarType(encoding, scalar.asNumber)}): this {`, () => {
    out.line(checkIndex(scope, field))
    out.line(writeScalar(out, context, scalar, 'value'))
    out.line('return this')
  })
}

/** Prints the number of elements of an array. */
export function printArrayConstants(scope: ClassScope, field: FieldView): void {
  if (field.type.arrayLength <= 1 || field.type.encoding === undefined) return
  if (field.type.encoding.presence === 'constant') return
  scope.out.doc(`Elements of ${field.token.name}.`)
  scope.out.line(`static readonly ${constantName(field.token.name)}_LENGTH = ${field.type.arrayLength}`)
}

function encodingOf(field: FieldView): Encoding {
  const { encoding } = field.type
  if (encoding === undefined) throw new Error(`Cannot print field "${field.token.name}": it has no encoding`)
  return encoding
}

function charset(encoding: Encoding): string {
  return textEncoding(encoding.characterEncoding) ?? 'ascii'
}

function checkIndex(scope: ClassScope, field: FieldView): string {
  const check = scope.out.import('checkIndex', scope.context.runtime)
  return `${check}(index, ${field.type.arrayLength}, ${stringLiteral(`${scope.owner}.${field.token.name}`)})`
}

function elementOf(scope: ClassScope, field: FieldView): Scalar {
  const encoding = encodingOf(field)
  const { size } = PRIMITIVES[encoding.primitiveType]
  return {
    encoding,
    at: `${plus('this.#offset', field.token.offset)} + index${size === 1 ? '' : ` * ${size}`}`,
    asNumber: scope.context.isNumberField(scope.owner, field.token.name),
    name: `${scope.owner}.${field.token.name}`,
  }
}
