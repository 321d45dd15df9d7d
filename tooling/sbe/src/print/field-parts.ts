import type { FieldView } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import type { Encoding } from '../ir/encoding.ts'
import { printAccessCheck } from './access.ts'
import type { ClassScope } from './class-scope.ts'
import { constantName, pascalName } from './names.ts'
import { plus } from './primitive.ts'
import type { Scalar } from './primitive.ts'

/** What the documentation of a field says of the wire. */
export function wireDoc(field: FieldView): string {
  const { token, type } = field
  const { encoding } = type
  const kind = encoding === undefined ? pascalName(type.typeName) : encoding.primitiveType
  const array = type.arrayLength > 1 ? `[${type.arrayLength}]` : ''
  const since = token.version > 0 ? `, since version ${token.version}` : ''
  const optional = encoding?.presence === 'optional' ? ', optional' : ''
  const semantic = semanticTypeOf(field)
  return `Wire: ${kind}${array} at ${token.offset}${since}${optional}.${semantic === '' ? '' : ` Semantic type: ${semantic}.`}`
}

/** What the schema says a field means, as the semanticType of the field or of its type; empty where it says nothing. */
function semanticTypeOf(field: FieldView): string {
  return field.token.semanticType ?? field.type.semanticType ?? ''
}

/** Prints what comes first in a getter: the check of the access, and the answer for an acting version without the field. */
export function printReadStart(scope: ClassScope, field: FieldView, absent: string): void {
  printAccessCheck(scope, field.token.name)
  const since = field.token.version
  if (since > 0) scope.out.line(`if (this.#actingVersion < ${since}) return ${absent}`)
}

/** The encoding of a field that must have one. */
export function encodingOf(field: FieldView): Encoding {
  const { encoding } = field.type
  if (encoding === undefined) throw new Error(`Cannot print field "${field.token.name}": it has no encoding`)
  return encoding
}

/** Whether a field is a scalar that may be absent: its class then has a null constant for it. */
export function hasNull(field: FieldView): boolean {
  const { type } = field
  return (
    type.signal === Signal.ENCODING &&
    type.arrayLength === 1 &&
    (type.encoding?.presence === 'optional' ||
      (field.token.version > 0 && type.encoding?.presence !== 'constant'))
  )
}

/** The constant of the null value of a scalar. */
export function nullName(scope: ClassScope, field: FieldView): string {
  return `${scope.className}.${constantName(field.token.name)}_NULL`
}

/** Whether a 64-bit field is a number. */
export function isNumber(scope: ClassScope, field: FieldView): boolean {
  return scope.context.isNumberField(scope.owner, field.token.name)
}

/** A field as a scalar at its offset, or that of an element of an array. */
export function scalarOf(scope: ClassScope, field: FieldView, index = ''): Scalar {
  return {
    encoding: encodingOf(field),
    at: `${plus('this.#offset', field.token.offset)}${index}`,
    asNumber: isNumber(scope, field),
    name: `${scope.owner}.${field.token.name}`,
  }
}

/** Whether a field is a constant: it has no bytes. */
export function isConstant(field: FieldView): boolean {
  return field.type.encoding?.presence === 'constant'
}
