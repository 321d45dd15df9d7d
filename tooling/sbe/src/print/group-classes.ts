import type { BodyView } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import type { Token } from '../ir/token.ts'
import { inLine } from '../parse/schema-error.ts'
import type { PrintContext } from './context.ts'
import { pascalName } from './names.ts'
import { groupClassName } from './tail.ts'

/** Reports groups of a message whose class has the name of another group's, or of a composite that the message uses. */
export function checkGroupClasses(context: PrintContext, owner: string, body: BodyView): void {
  const taken = new Map<string, Token>()
  const [header] = context.ir.header
  if (header !== undefined) taken.set(pascalName(header.typeName), header)
  addComposites(taken, body)
  addGroups(context, taken, owner, body)
}

function addComposites(taken: Map<string, Token>, body: BodyView): void {
  for (const { type } of body.fields) {
    if (type.signal === Signal.BEGIN_COMPOSITE) taken.set(pascalName(type.typeName), type)
  }
  for (const group of body.groups) addComposites(taken, group.body)
}

function addGroups(context: PrintContext, taken: Map<string, Token>, owner: string, body: BodyView): void {
  for (const { token, body: inner } of body.groups) {
    const name = groupClassName(owner, token)
    const other = taken.get(name)
    if (other !== undefined) {
      const twin = other.signal === Signal.BEGIN_COMPOSITE ? other.typeName : other.name
      context.problems.add(
        token,
        `Cannot generate group "${token.name}": its class ${name} has the name of that of "${twin}" in ${inLine(other, token)}; rename one`,
      )
    }
    taken.set(name, token)
    addGroups(context, taken, name, inner)
  }
}
