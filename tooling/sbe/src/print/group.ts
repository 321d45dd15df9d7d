import type { BodyView } from '../ir/body-view.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { fieldEnd, memberName } from './names.ts'
import {
  groupClassName,
  openName,
  printOrderCheck,
  printReach,
  printReadOrderCheck,
  stageAfter,
  startOfPart,
} from './tail.ts'
import type { TailPart } from './tail.ts'

/** Prints the fields that hold the encoders of groups; a message makes them here, a group in its constructor. */
export function printGroupFields(scope: ClassScope, body: BodyView, isMessage: boolean): void {
  for (const { token } of body.groups) {
    const name = `${groupClassName(scope.owner, token)}Encoder`
    const maker = isMessage ? ` = new ${name}(this.#limit)` : ''
    scope.out.line(`readonly #${memberName(token.name)}Group: ${name}${maker}`)
  }
}

type GroupPart = Extract<TailPart, { kind: 'group' }>

/** Prints, in a decoder, the method that gives the cursor of a group. */
export function printGroupAccess(scope: ClassScope, part: GroupPart, tail: readonly TailPart[]): void {
  const { out, members } = scope
  const { token } = part
  const name = `${groupClassName(scope.owner, token)}Decoder`
  const member = members.own(token.name, token)
  const group = `this.#${memberName(token.name)}Group`
  const since = token.version > 0 ? ` Empty where it is absent, before version ${token.version}.` : ''
  out.line()
  out.line(`readonly #${memberName(token.name)}Group: ${name} = new ${name}()${fieldEnd(member)}`)
  out.line()
  out.doc(
    token.description,
    `A cursor in front of the first entry: the same object each time, started afresh.${since}`,
    deprecation(token),
  )
  out.block(`${member}(): ${name} {`, () => {
    if (token.version > 0) {
      out.block(`if (this.#actingVersion < ${token.version}) {`, () => {
        printReach(scope, part.index)
        out.line(`return ${group}.sbeWrapAbsent(${startOfPart(part)})`)
      })
    }
    if (scope.checksAccess) {
      // A group that was started and not entered may be started again.
      out.block(`if (this.#stage !== ${stageAfter(part, tail)} || !${group}.sbeIsUntouched) {`, () => {
        printReadOrderCheck(scope, part, tail)
      })
    }
    printReach(scope, part.index)
    const open = openName(part)
    const wrapped = `${group}.sbeWrap(this.#buffer, this.#view, ${startOfPart(part)}, this.#end, this.#actingVersion)`
    if (open === undefined && !scope.checksAccess) {
      out.line(`return ${wrapped}`)
      return
    }
    out.line(wrapped)
    if (open !== undefined) out.line(`this.${open} = true`)
    if (scope.checksAccess) out.line(`this.#stage = ${stageAfter(part, tail)}`)
    out.line(`return ${group}`)
  })
}

/** Prints, in an encoder, the method that starts a group of a number of entries. */
export function printGroupCount(scope: ClassScope, part: GroupPart, tail: readonly TailPart[]): void {
  const { out, members } = scope
  const { token } = part
  const name = `${groupClassName(scope.owner, token)}Encoder`
  const member = members.derived(`${memberName(token.name)}Count`, token.name, `${token.name}#count`)
  const group = `#${memberName(token.name)}Group`
  out.line()
  out.doc(
    token.description,
    'Starts the group; each entry is then written after a call of next().',
    deprecation(token),
  )
  out.block(`${member}(count: number): ${name} {`, () => {
    printOrderCheck(scope, part, tail)
    out.line(`this.${group}.sbeWrap(this.#buffer, this.#view, count)`)
    out.line(`this.#stage = ${part.index + 1}`)
    out.line(`return this.${group}`)
  })
}
