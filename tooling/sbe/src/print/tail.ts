import type { BodyView, GroupView, VarDataView } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { PRIMITIVES } from '../parse/primitives.ts'
import type { ClassScope } from './class-scope.ts'
import { memberName, pascalName } from './names.ts'
import { stringLiteral } from './primitive.ts'

/** A group or variable-length data: what follows the block, one behind the other, so that each starts where the one before ends. */
export type TailPart =
  | { readonly kind: 'group'; readonly index: number; readonly token: Token; readonly group: GroupView }
  | { readonly kind: 'varData'; readonly index: number; readonly token: Token; readonly data: VarDataView }

/** What follows the block of a body, in order. */
export function tailOf(body: BodyView): TailPart[] {
  const groups = body.groups.map((group) => ({ kind: 'group' as const, token: group.token, group }))
  const varData = body.varData.map((data) => ({ kind: 'varData' as const, token: data.token, data }))
  return [...groups, ...varData].map((part, index) => ({ ...part, index }))
}

/** Name of the class of a group, without Encoder or Decoder. */
export function groupClassName(owner: string, token: Token): string {
  return `${owner}${pascalName(token.name)}`
}

/** Bytes of the length in front of variable-length data. */
export function lengthWidth(data: VarDataView): number {
  const { encoding } = data.length
  if (encoding === undefined) throw new Error(`Cannot print "${data.token.name}": its length has no encoding`)
  return PRIMITIVES[encoding.primitiveType].size
}

/** The expression of the end of a part that starts at `at`; `view`, `end` and `version` are expressions too. */
export function endOfPart(
  scope: ClassScope,
  part: TailPart,
  at: string,
  place: { readonly view: string; readonly end: string; readonly version: string },
): string {
  const { out, context } = scope
  const { view, end, version } = place
  let expression: string
  if (part.kind === 'group') {
    expression = `endOf${groupClassName(scope.owner, part.token)}(${view}, ${at}, ${end}, ${version})`
  } else {
    const skip = out.import('varDataEnd', context.runtime)
    const name = stringLiteral(`${scope.owner}.${part.token.name}`)
    expression = `${skip}(${view}, ${at}, ${end}, ${lengthWidth(part.data)}, ${context.ir.littleEndian}, ${name})`
  }
  return part.token.version > 0 ? `${version} < ${part.token.version} ? ${at} : ${expression}` : expression
}

/** The expression of the start of a part in a decoder. */
export function startOfPart(part: TailPart): string {
  return part.index === 0
    ? 'this.#offset + this.#actingBlockLength'
    : `this.#${memberName(part.token.name)}At()`
}

const DECODER_PLACE = { view: 'this.#view', end: 'this.#end', version: 'this.#actingVersion' }

/** The expression of the end of all parts in a decoder. */
export function endOfTail(scope: ClassScope, tail: readonly TailPart[]): string {
  const last = tail.at(-1)
  if (last === undefined) return 'this.#offset + this.#actingBlockLength'
  return endOfPart(scope, last, startOfPart(last), DECODER_PLACE)
}

/** Prints the fields that remember where the parts of a decoder start; the first starts where the block ends. */
export function printTailState(scope: ClassScope, tail: readonly TailPart[]): void {
  for (const part of tail.slice(1)) scope.out.line(`#${memberName(part.token.name)}Start = -1`)
}

/** Prints the statements that forget them, for a decoder that moves. */
export function printTailReset(scope: ClassScope, tail: readonly TailPart[]): void {
  for (const part of tail.slice(1)) scope.out.line(`this.#${memberName(part.token.name)}Start = -1`)
}

/** Prints the methods that find where the parts of a decoder start, each from the one before, and remember it. */
export function printTailStarts(scope: ClassScope, tail: readonly TailPart[]): void {
  for (const [index, part] of tail.entries()) {
    const before = tail[index - 1]
    if (before === undefined) continue
    const member = memberName(part.token.name)
    scope.out.line()
    scope.out.block(`#${member}At(): number {`, () => {
      scope.out.block(`if (this.#${member}Start < 0) {`, () => {
        scope.out.line(
          `this.#${member}Start = ${endOfPart(scope, before, startOfPart(before), DECODER_PLACE)}`,
        )
      })
      scope.out.line(`return this.#${member}Start`)
    })
  }
}

/** Prints, in an encoder, the statements in front of writing a part: it must be the next. */
export function printOrderCheck(scope: ClassScope, part: TailPart, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const before = tail[part.index - 1]
  const check = out.import('checkOrder', context.runtime)
  out.line(`${check}(this.#stage, ${part.index}, ${stringLiteral(`${scope.owner}.${part.token.name}`)})`)
  if (before?.kind === 'group') out.line(`this.#${memberName(before.token.name)}Group.sbeCheckComplete()`)
}
