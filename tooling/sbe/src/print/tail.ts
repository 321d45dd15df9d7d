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

/** The expressions of a place to read from. */
interface Place {
  readonly view: string
  readonly end: string
  readonly version: string
}

/**
 * Prints the statements that find the end of a part that starts at `at`, an expression without effects; `target` is
 * what stands in front of the answer, such as `return ` or `next = `.
 */
export function printEndOfPart(
  scope: ClassScope,
  part: TailPart,
  at: string,
  target: string,
  place: Place = DECODER_PLACE,
): void {
  const { out, context } = scope
  const { view, end, version } = place
  let expression: string
  if (part.kind === 'group') {
    expression = `endOf${groupClassName(scope.owner, part.token)}(${view}, ${at}, ${end}, ${version})`
  } else {
    const skip = out.import(context.boundsChecks ? 'varDataEnd' : 'uncheckedVarDataEnd', context.runtime)
    const name = stringLiteral(`${scope.owner}.${part.token.name}`)
    const { littleEndian } = context.ir
    expression = `${skip}(${view}, ${at}, ${end}, ${lengthWidth(part.data)}, ${littleEndian}, ${name})`
  }
  if (part.token.version > 0) {
    // An absent part ends where it starts.
    const absent = target === `${at} = ` ? undefined : `${target}${at}`
    if (absent === undefined) out.line(`if (${version} >= ${part.token.version}) ${target}${expression}`)
    else {
      out.line(`if (${version} < ${part.token.version}) ${absent}`)
      out.line(`${target.startsWith('return') ? '' : 'else '}${target}${expression}`)
    }
  } else out.line(`${target}${expression}`)
}

/** The expression of the start of a part in a decoder. */
export function startOfPart(part: TailPart): string {
  return part.index === 0
    ? 'this.#offset + this.#actingBlockLength'
    : `this.#${memberName(part.token.name)}At()`
}

const DECODER_PLACE: Place = { view: 'this.#view', end: 'this.#end', version: 'this.#actingVersion' }

/** Prints the fields that remember where the parts of a decoder start; the first starts where the block ends. */
export function printTailState(scope: ClassScope, tail: readonly TailPart[]): void {
  for (const part of tail.slice(1)) scope.out.line(`#${memberName(part.token.name)}Start = -1`)
  if (scope.checksAccess) scope.out.line('#stage = -1')
}

/** Prints the statements that forget them, for a decoder that moves to a block. */
export function printTailReset(scope: ClassScope, tail: readonly TailPart[], stage?: string): void {
  for (const part of tail.slice(1)) scope.out.line(`this.#${memberName(part.token.name)}Start = -1`)
  if (scope.checksAccess) {
    scope.out.line(`this.#stage = ${stage ?? firstStage(tail)}`)
  }
}

/** Prints the methods that find where the parts of a decoder start, each from the one before, and where the last ends. */
export function printTailStarts(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out } = scope
  for (const [index, part] of tail.entries()) {
    const before = tail[index - 1]
    if (before === undefined) continue
    const member = memberName(part.token.name)
    out.line()
    out.block(`#${member}At(): number {`, () => {
      out.block(`if (this.#${member}Start < 0) {`, () => {
        out.line(`const at = ${startOfPart(before)}`)
        printEndOfPart(scope, before, 'at', `this.#${member}Start = `)
      })
      out.line(`return this.#${member}Start`)
    })
  }
  const last = tail.at(-1)
  if (last === undefined) return
  out.line()
  out.block('#tailEnd(): number {', () => {
    out.line(`const at = ${startOfPart(last)}`)
    printEndOfPart(scope, last, 'at', 'return ')
  })
  if (scope.checksAccess && hasOptionalParts(tail)) printPresentFrom(scope, tail)
}

/** The expression of the end of a decoder's block and tail. */
export function endOfTail(tail: readonly TailPart[]): string {
  return tail.length === 0 ? 'this.#offset + this.#actingBlockLength' : 'this.#tailEnd()'
}

function hasOptionalParts(tail: readonly TailPart[]): boolean {
  return tail.some((part) => part.token.version > 0)
}

/** Prints the method that passes over the parts that the acting version does not have. */
function printPresentFrom(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out } = scope
  out.line()
  out.block('#presentFrom(part: number): number {', () => {
    out.line('let present = part')
    for (const { index, token } of tail) {
      if (token.version === 0) continue
      out.line(`if (present === ${index} && this.#actingVersion < ${token.version}) present = ${index + 1}`)
    }
    out.line('return present')
  })
}

/** The expression of the stage of a decoder that has read no part. */
export function firstStage(tail: readonly TailPart[]): string {
  return hasOptionalParts(tail) ? 'this.#presentFrom(0)' : '0'
}

/** The expression of the stage behind a part of a decoder. */
export function stageAfter(part: TailPart, tail: readonly TailPart[]): string {
  return hasOptionalParts(tail) ? `this.#presentFrom(${part.index + 1})` : String(part.index + 1)
}

/** Prints, in an encoder, the statements in front of writing a part: it must be the next. */
export function printOrderCheck(scope: ClassScope, part: TailPart, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const before = tail[part.index - 1]
  const check = out.import('checkOrder', context.runtime)
  out.line(`${check}(this.#stage, ${part.index}, ${stringLiteral(`${scope.owner}.${part.token.name}`)})`)
  if (before?.kind === 'group') out.line(`this.#${memberName(before.token.name)}Group.sbeCheckComplete()`)
}

/** Prints, in a decoder with field-order checks, the statements in front of reading a part: it must be the next. */
export function printReadOrderCheck(scope: ClassScope, part: TailPart, tail: readonly TailPart[]): void {
  const { out, context } = scope
  if (!scope.checksAccess) return
  const name = stringLiteral(`${scope.owner}.${part.token.name}`)
  const check = out.import('checkReadOrder', context.runtime)
  out.line(`${check}(this.#stage, ${part.index}, ${name})`)
  const before = tail[part.index - 1]
  printGroupReadCheck(scope, before)
}

/** Prints the check that a group is read to its end; one that the acting version does not have is passed over. */
export function printGroupReadCheck(scope: ClassScope, part: TailPart | undefined): void {
  if (part?.kind !== 'group') return
  const { name, version } = part.token
  const isPresent = version > 0 ? `if (this.#actingVersion >= ${version}) ` : ''
  scope.out.line(`${isPresent}this.#${memberName(name)}Group.sbeCheckRead()`)
}
