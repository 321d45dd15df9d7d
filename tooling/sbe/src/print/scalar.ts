import type { FieldView } from '../ir/body-view.ts'
import type { Encoding } from '../ir/encoding.ts'
import { Signal } from '../ir/signal.ts'
import { printAccessCheck } from './access.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { encodingOf, hasNull, isNumber, nullName, printReadStart, scalarOf, wireDoc } from './field-parts.ts'
import { constantName } from './names.ts'
import { literal, readScalar, scalarType, stringLiteral, writeScalar } from './primitive.ts'

/** Prints the constants of a scalar: its null value, and the minimum and maximum that the schema says. */
export function printScalarConstants(scope: ClassScope, field: FieldView): void {
  const { encoding } = field.type
  if (field.type.signal !== Signal.ENCODING || encoding === undefined) return
  if (encoding.presence === 'constant') return
  const asNumber = isNumber(scope, field)
  const type = scalarType(encoding, asNumber)
  const name = constantName(field.token.name)
  const print = (suffix: string, what: string, value: Encoding['minValue']): void => {
    if (value === undefined) return
    scope.out.doc(`${what} of ${field.token.name}.`)
    scope.out.line(`static readonly ${name}_${suffix}: ${type} = ${literal(value, asNumber)}`)
  }
  if (hasNull(field)) print('NULL', 'The value that says there is none,', encoding.nullValue)
  print('MIN', 'The least value', encoding.minValue)
  print('MAX', 'The greatest value', encoding.maxValue)
}

/** Prints the getter of a scalar. */
export function printScalarGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const scalar = scalarOf(scope, field)
  const ofNull = hasNull(field) ? `${nullName(scope, field)} where it is absent. ` : ''
  out.line()
  out.doc(field.token.description, `${ofNull}${wireDoc(field)}`, deprecation(field.token))
  const member = members.own(field.token.name, field.token)
  out.block(`get ${member}(): ${scalarType(scalar.encoding, scalar.asNumber)} {`, () => {
    printReadStart(scope, field, nullName(scope, field))
    out.line(`return ${readScalar(out, context, scalar)}`)
  })
}

/** Prints the setter of a scalar. */
export function printScalarSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const scalar = scalarOf(scope, field)
  out.line()
  out.doc(field.token.description, wireDoc(field), deprecation(field.token))
  const member = members.own(field.token.name, field.token)
  out.block(`${member}(value: ${scalarType(scalar.encoding, scalar.asNumber)}): this {`, () => {
    printAccessCheck(scope, field.token.name)
    out.line(writeScalar(out, context, scalar, 'value'))
    out.line('return this')
  })
}

/** Prints the getter of a constant that is no enum. */
export function printConstantGetter(scope: ClassScope, field: FieldView): void {
  const { constant } = encodingOf(field)
  if (constant === undefined) throw new Error(`Cannot print field "${field.token.name}": it has no constant`)
  const asNumber = isNumber(scope, field)
  const isText = typeof constant === 'string'
  const text = isText ? stringLiteral(constant) : literal(constant, asNumber)
  const type = isText ? 'string' : scalarType(encodingOf(field), asNumber)
  const member = scope.members.own(field.token.name, field.token)
  scope.out.line()
  scope.out.doc(
    field.token.description,
    'A constant of the schema: it is not on the wire.',
    deprecation(field.token),
  )
  scope.out.block(`get ${member}(): ${type} {`, () => scope.out.line(`return ${text}`))
}
