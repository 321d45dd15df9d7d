import type { GroupView } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { PRIMITIVES } from '../parse/primitives.ts'
import { printConstants, printSetters } from './block.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { printGroupFields } from './group.ts'
import { bufferParameter, encodingOf, needsBuffer, printLengths, printViewState } from './group-parts.ts'
import { memberName, MemberNames } from './names.ts'
import { plus, stringLiteral, writeUnchecked } from './primitive.ts'
import { groupClassName, tailOf } from './tail.ts'
import type { TailPart } from './tail.ts'

const MEMBERS = ['count', 'index', 'next', 'sbeWrap', 'sbeCheckComplete']

/** Prints the encoders of a group and of the groups inside it. */
export function printGroupEncoder(parent: ClassScope, group: GroupView): void {
  const { out, context } = parent
  const owner = groupClassName(parent.owner, group.token)
  const className = `${owner}Encoder`
  const members = new MemberNames(context.problems, `group "${owner}"`, MEMBERS)
  const scope: ClassScope = { ...parent, members, className, owner }
  const tail = tailOf(group.body)
  out.line()
  out.doc(group.token.description, 'Call next() before writing each entry.', deprecation(group.token))
  out.block(`export class ${className} {`, () => {
    printLengths(scope, group)
    printConstants(scope, group.body.fields)
    out.line()
    printViewState(scope, group)
    out.line(`readonly #limit: ${out.import('EncodeLimit', context.runtime)}`)
    for (const name of ['#offset', '#count', '#index', ...(tail.length > 0 ? ['#stage'] : [])]) {
      out.line(`${name} = 0`)
    }
    printGroupFields(scope, group.body, false)
    out.line()
    out.doc('For generated code.', '@internal')
    out.block('constructor(limit: EncodeLimit) {', () => {
      out.line('this.#limit = limit')
      for (const { token } of group.body.groups) {
        out.line(`this.#${memberName(token.name)}Group = new ${groupClassName(owner, token)}Encoder(limit)`)
      }
    })
    printEncoderWrap(scope, group)
    printNextEncoded(scope, group, tail)
    printSetters(scope, group.body)
  })
  for (const nested of group.body.groups) printGroupEncoder(scope, nested)
}

function printEncoderWrap(scope: ClassScope, group: GroupView): void {
  const { out, context } = scope
  const name = stringLiteral(scope.owner)
  const countEncoding = encodingOf(group.numInGroup)
  const max = countEncoding.maxValue ?? PRIMITIVES[countEncoding.primitiveType].maxValue
  const write = (token: Token, value: string): void =>
    out.line(writeUnchecked(encodingOf(token), plus('at', token.offset), value))
  out.line()
  out.doc('For generated code: writes the dimensions.', '@internal')
  out.block(`sbeWrap(${bufferParameter(group)}, view: DataView, count: number): void {`, () => {
    out.line(
      `${out.import('checkInteger', context.runtime)}(count, 0, ${max}, ${stringLiteral(`the count of ${scope.owner}`)})`,
    )
    out.line('const at = this.#limit.value')
    out.line(`${out.import('checkRoom', context.runtime)}(view, at, ${group.headerLength}, ${name})`)
    if (needsBuffer(group)) out.line('this.#buffer = buffer')
    out.line('this.#view = view')
    write(group.blockLength, String(group.token.encodedLength))
    write(group.numInGroup, 'count')
    out.line(`this.#limit.value = at + ${group.headerLength}`)
    out.line('this.#count = count')
    out.line('this.#index = 0')
    // Before the first entry every access is out of bounds.
    out.line('this.#offset = view.byteLength')
  })
}

function printNextEncoded(scope: ClassScope, group: GroupView, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const name = stringLiteral(scope.owner)
  const last = tail.at(-1)
  const checkEntry = (): void => {
    if (last === undefined) return
    out.line(`${out.import('checkTail', context.runtime)}(this.#stage, ${tail.length}, ${name})`)
    if (last.kind === 'group') out.line(`this.#${memberName(last.token.name)}Group.sbeCheckComplete()`)
  }
  out.line()
  out.doc('Moves to the next entry. RangeError where there is none, or the entry before is not complete.')
  out.block('next(): this {', () => {
    out.line(`${out.import('checkNext', context.runtime)}(this.#index, this.#count, ${name})`)
    if (last !== undefined) out.block('if (this.#index > 0) {', checkEntry)
    out.line('const offset = this.#limit.value')
    out.line(
      `${out.import('checkRoom', context.runtime)}(this.#view, offset, ${group.token.encodedLength}, ${name})`,
    )
    out.line('this.#offset = offset')
    out.line(`this.#limit.value = offset + ${group.token.encodedLength}`)
    out.line('this.#index++')
    if (last !== undefined) out.line('this.#stage = 0')
    out.line('return this')
  })
  out.line()
  out.doc('For generated code: throws where entries are missing.', '@internal')
  out.block('sbeCheckComplete(): void {', () => {
    out.line(`${out.import('checkEntries', context.runtime)}(this.#index, this.#count, ${name})`)
    if (last !== undefined) out.block('if (this.#index > 0) {', checkEntry)
  })
}
