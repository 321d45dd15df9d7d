import type { FieldView } from '../ir/body-view.ts'
import { printAccessCheck } from './access.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { encodingOf, printReadStart, scalarOf, wireDoc } from './field-parts.ts'
import { pascalName } from './names.ts'
import { readScalar, scalarType, writeScalar } from './primitive.ts'

/** Prints the getter of a set: its bits. */
export function printSetGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token } = field
  const type = scalarType(encodingOf(field), false)
  const member = members.own(token.name, token)
  out.line()
  out.doc(
    token.description,
    `Bits of ${pascalName(field.type.typeName)}; none where it is absent. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`get ${member}(): ${type} {`, () => {
    printReadStart(scope, field, type === 'bigint' ? '0n' : '0')
    out.line(`return ${readScalar(out, context, { ...scalarOf(scope, field), asNumber: false })}`)
  })
}

/** Prints the setter of a set: all of its bits. */
export function printSetSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token } = field
  const encoding = encodingOf(field)
  const scalar = { ...scalarOf(scope, field), asNumber: false }
  const member = members.own(token.name, token)
  out.line()
  out.doc(
    token.description,
    `Bits of ${pascalName(field.type.typeName)}. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`${member}(value: ${scalarType(encoding, false)}): this {`, () => {
    printAccessCheck(scope, token.name)
    // JavaScript gives a negative number where bit 31 is among those joined with |.
    const value = encoding.primitiveType === 'uint32' ? 'value < 0 ? value >>> 0 : value' : 'value'
    out.line(writeScalar(out, context, scalar, value))
    out.line('return this')
  })
}
