import type { FieldView } from '../ir/body-view.ts'
import { printAccessCheck } from './access.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf } from './context.ts'
import { deprecation, enumDecodeName, enumMember, enumName, enumNullName } from './enum.ts'
import { encodingOf, isConstant, printReadStart, scalarOf, wireDoc } from './field-parts.ts'
import { literal, readScalar, scalarType, stringLiteral, writeUnchecked } from './primitive.ts'

/** Prints the getters of an enum: its member, and the value on the wire. */
export function printEnumGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const name = enumName(type)
  const from = specifierOf(name, context)
  out.importType(name, from)
  const member = members.own(token.name, token)
  out.line()
  if (isConstant(field)) {
    out.doc(token.description, 'A constant of the schema: it is not on the wire.', deprecation(token))
    out.block(`get ${member}(): ${name} {`, () => out.line(`return ${constantMember(field)}`))
    return
  }
  const raw = members.derived(`${member}Raw`, token.name, `${token.name}#raw`)
  out.doc(
    token.description,
    `Undefined where it is null, absent or unknown; ${raw} tells. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`get ${member}(): ${name} | undefined {`, () => {
    out.line(`return ${out.import(enumDecodeName(type), from)}(this.${raw})`)
  })
  out.line()
  out.doc(`The value of ${member} on the wire; ${enumNullName(type)} where it is null or absent.`)
  out.block(`get ${raw}(): ${scalarType(encodingOf(field), false)} {`, () => {
    const absent = token.version > 0 ? out.import(enumNullName(type), from) : ''
    printReadStart(scope, field, absent)
    out.line(`return ${readScalar(out, context, { ...scalarOf(scope, field), asNumber: false })}`)
  })
}

function constantMember(field: FieldView): string {
  const { constant, primitiveType } = encodingOf(field)
  if (constant === undefined) throw new Error(`Cannot print field "${field.token.name}": it has no constant`)
  return typeof constant === 'string'
    ? stringLiteral(constant)
    : enumMember(constant, primitiveType === 'char')
}

/** Prints the setters of an enum: by its member, and by the value on the wire. */
export function printEnumSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const encoding = encodingOf(field)
  const name = enumName(type)
  const nullValue = literal(encoding.nullValue)
  const isChar = encoding.primitiveType === 'char'
  const hasValues = field.tokens.length > 2
  const wire = !hasValues
    ? nullValue
    : isChar
      ? `value === undefined ? ${nullValue} : value.charCodeAt(0)`
      : `value ?? ${nullValue}`
  const member = members.own(token.name, token)
  out.line()
  out.doc(token.description, `Undefined writes the null value. ${wireDoc(field)}`, deprecation(token))
  out.block(
    `${member}(${hasValues ? 'value' : '_value'}: ${out.importType(name, specifierOf(name, context))} | undefined): this {`,
    () => {
      printAccessCheck(scope, token.name)
      out.line(writeUnchecked(encoding, scalarOf(scope, field).at, wire))
      out.line('return this')
    },
  )
}
