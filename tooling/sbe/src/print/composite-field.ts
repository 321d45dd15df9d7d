import type { FieldView } from '../ir/body-view.ts'
import { printAccessCheck } from './access.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf } from './context.ts'
import { deprecation } from './enum.ts'
import { printReadStart, wireDoc } from './field-parts.ts'
import { fieldEnd, pascalName } from './names.ts'
import { plus } from './primitive.ts'

/** Prints the getter of a composite: its decoder. */
export function printCompositeGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const name = `${pascalName(type.typeName)}Decoder`
  out.import(name, specifierOf(name, context))
  const member = members.own(token.name, token)
  const absent = token.version > 0 ? ' | undefined' : ''
  out.line()
  out.line(`readonly #${member}Flyweight: ${name} = new ${name}()`)
  out.line()
  out.doc(
    token.description,
    `The same decoder each time, moved here.${absent === '' ? '' : ' Undefined where it is absent.'} ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`get ${member}(): ${name}${absent} {`, () => {
    printReadStart(scope, field, 'undefined')
    const at = plus('this.#offset', token.offset)
    out.line(`return this.#${member}Flyweight.wrap(this.#buffer, ${at}, this.#actingVersion)`)
  })
}

/** Prints the setter of a composite: its encoder. */
export function printCompositeSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const name = `${pascalName(type.typeName)}Encoder`
  out.import(name, specifierOf(name, context))
  const member = members.own(token.name, token)
  out.line()
  out.line(`readonly #${member}Flyweight: ${name} = new ${name}()${fieldEnd(member)}`)
  out.line()
  out.doc(token.description, `The same encoder each time, moved here. ${wireDoc(field)}`, deprecation(token))
  out.block(`${member}(): ${name} {`, () => {
    printAccessCheck(scope, token.name)
    out.line(`return this.#${member}Flyweight.wrap(this.#buffer, ${plus('this.#offset', token.offset)})`)
  })
}
