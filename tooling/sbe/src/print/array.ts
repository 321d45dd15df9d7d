import type { FieldView } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import { PRIMITIVES } from '../parse/primitives.ts'
import { printAccessCheck } from './access.ts'
import { charsetOf } from './charset.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { encodingOf, printReadStart, scalarOf, wireDoc } from './field-parts.ts'
import { constantName, pascalName } from './names.ts'
import { literal, plus, readScalar, scalarType, stringLiteral, writeScalar } from './primitive.ts'
import type { Scalar } from './primitive.ts'

/** Of messages, groups and composites themselves: an array named `block`, `header` or `encoded` gives way. */
const CLASS_CONSTANTS = new Set(['BLOCK_LENGTH', 'HEADER_LENGTH', 'ENCODED_LENGTH'])

/** Prints the number of elements of an array. */
export function printArrayConstants(scope: ClassScope, field: FieldView): void {
  if (field.type.arrayLength <= 1 || field.type.signal !== Signal.ENCODING) return
  if (field.type.encoding?.presence === 'constant') return
  scope.out.doc(`Elements of ${field.token.name}.`)
  const name = `${constantName(field.token.name)}_LENGTH`
  const free = CLASS_CONSTANTS.has(name) ? `${name}_` : name
  scope.out.line(`static readonly ${free} = ${field.type.arrayLength}`)
}

/** Prints the getters of an array of fixed length: its text or an element, a view where it is bytes, and a copy. */
export function printArrayGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const encoding = encodingOf(field)
  const charset = textOf(field)
  const member = members.own(token.name, token)
  if (charset !== undefined) {
    out.line()
    out.doc(
      token.description,
      `Up to its first zero character; empty where it is absent. ${wireDoc(field)}`,
      deprecation(token),
    )
    out.block(`get ${member}(): string {`, () => {
      printReadStart(scope, field, "''")
      const read = out.import('getFixedText', context.runtime)
      const at = plus('this.#offset', token.offset)
      out.line(`return ${read}(this.#view, ${at}, ${type.arrayLength}, '${charset}')`)
    })
  }
  const scalar = elementOf(scope, field)
  const element = charset === undefined ? member : members.derived(`${member}At`, token.name)
  out.line()
  out.doc(
    charset === undefined ? token.description : '',
    `The element of ${token.name} at an index from 0; the null value of ${encoding.primitiveType} where it is absent. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`${element}(index: number): ${scalarType(encoding, scalar.asNumber)} {`, () => {
    printIndexCheck(scope, field)
    printReadStart(scope, field, literal(encoding.nullValue, scalar.asNumber))
    out.line(`return ${readScalar(out, context, scalar)}`)
  })
  if (PRIMITIVES[encoding.primitiveType].size === 1) printBytesView(scope, field, member)
  printCopy(scope, field, scalar)
}

function printBytesView(scope: ClassScope, field: FieldView, member: string): void {
  const { out, context, members } = scope
  const { token, type } = field
  out.line()
  out.doc(`The bytes of ${token.name}: a view of the buffer, not a copy; empty where it is absent.`)
  out.block(`get ${members.derived(`${member}Bytes`, token.name)}(): Uint8Array {`, () => {
    const bytes = out.import('bytesAt', context.runtime)
    printReadStart(scope, field, `${bytes}(this.#buffer, 0, 0)`)
    out.line(`return ${bytes}(this.#buffer, ${plus('this.#offset', token.offset)}, ${type.arrayLength})`)
  })
}

function printCopy(scope: ClassScope, field: FieldView, scalar: Scalar): void {
  const { out, context, members } = scope
  const { token, type } = field
  const element = scalarType(scalar.encoding, scalar.asNumber)
  const target = `${out.importType('WritableArray', context.runtime)}<${element}>`
  out.line()
  out.doc(
    `Copies all elements of ${token.name}; returns their number, 0 where they are absent. RangeError where the target is too short.`,
  )
  const copy = members.derived(`copy${pascalName(token.name)}`, token.name)
  out.block(`${copy}(target: ${target}, targetOffset: number = 0): number {`, () => {
    printReadStart(scope, field, '0')
    const check = out.import('checkTarget', context.runtime)
    out.line(`${check}(target.length, targetOffset, ${type.arrayLength}, ${nameOf(scope, field)})`)
    out.block(`for (let index = 0; index < ${type.arrayLength}; index++) {`, () => {
      out.line(`target[targetOffset + index] = ${readScalar(out, context, scalar)}`)
    })
    out.line(`return ${type.arrayLength}`)
  })
}

/** Prints the setters of an array of fixed length: its text or an element, and all elements. */
export function printArraySetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const encoding = encodingOf(field)
  const charset = textOf(field)
  const member = members.own(token.name, token)
  if (charset !== undefined) {
    out.line()
    out.doc(token.description, `Filled up with zero bytes. ${wireDoc(field)}`, deprecation(token))
    out.block(`${member}(value: string): this {`, () => {
      printAccessCheck(scope, token.name)
      const write = out.import('putFixedText', context.runtime)
      const at = plus('this.#offset', token.offset)
      out.line(
        `${write}(this.#view, ${at}, ${type.arrayLength}, value, '${charset}', ${nameOf(scope, field)})`,
      )
      out.line('return this')
    })
  }
  const scalar = elementOf(scope, field)
  const element = charset === undefined ? member : members.derived(`${member}At`, token.name)
  out.line()
  out.doc(
    charset === undefined ? token.description : '',
    `The element of ${token.name} at an index from 0. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`${element}(index: number, value: ${scalarType(encoding, scalar.asNumber)}): this {`, () => {
    printIndexCheck(scope, field)
    printAccessCheck(scope, token.name)
    out.line(writeScalar(out, context, scalar, 'value'))
    out.line('return this')
  })
  printPut(scope, field, scalar)
}

function printPut(scope: ClassScope, field: FieldView, scalar: Scalar): void {
  const { out, context, members } = scope
  const { token, type } = field
  const element = scalarType(scalar.encoding, scalar.asNumber)
  out.line()
  out.doc(
    `All elements of ${token.name}: those of the source, or \`length\` of them from \`sourceOffset\`; zeros follow where they are fewer. RangeError where they are more.`,
  )
  const put = members.derived(`put${pascalName(token.name)}`, token.name, `${token.name}#put`)
  out.block(
    `${put}(source: ArrayLike<${element}>, sourceOffset: number = 0, length?: number): this {`,
    () => {
      printAccessCheck(scope, token.name)
      const check = out.import('checkedSource', context.runtime)
      out.line(
        `const count = ${check}(source.length, sourceOffset, length, ${type.arrayLength}, ${nameOf(scope, field)})`,
      )
      out.block(`for (let index = 0; index < ${type.arrayLength}; index++) {`, () => {
        const zero = element === 'bigint' ? '0n' : '0'
        out.line(`const value = index < count ? (source[sourceOffset + index] ?? ${zero}) : ${zero}`)
        out.line(writeScalar(out, context, scalar, 'value'))
      })
      out.line('return this')
    },
  )
}

/** The encoding of an array that is text; undefined where it is numbers. */
export function textOf(field: FieldView): string | undefined {
  const encoding = encodingOf(field)
  return encoding.primitiveType === 'char' ? charsetOf(encoding) : undefined
}

function nameOf(scope: ClassScope, field: FieldView): string {
  return stringLiteral(`${scope.owner}.${field.token.name}`)
}

function printIndexCheck(scope: ClassScope, field: FieldView): void {
  if (!scope.context.boundsChecks) return
  const check = scope.out.import('checkIndex', scope.context.runtime)
  scope.out.line(`${check}(index, ${field.type.arrayLength}, ${nameOf(scope, field)})`)
}

function elementOf(scope: ClassScope, field: FieldView): Scalar {
  const { size } = PRIMITIVES[encodingOf(field).primitiveType]
  return scalarOf(scope, field, ` + index${size === 1 ? '' : ` * ${size}`}`)
}
