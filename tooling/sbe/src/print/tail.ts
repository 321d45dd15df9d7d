import type { BodyView, GroupView, VarDataView } from '../ir/body-view.ts'
import type { Encoding } from '../ir/encoding.ts'
import type { Token } from '../ir/token.ts'
import { PRIMITIVES } from '../parse/primitives.ts'
import type { ClassScope } from './class-scope.ts'
import { memberName, pascalName } from './names.ts'
import { readLength, stringLiteral } from './primitive.ts'

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

/** How the length in front of variable-length data is encoded. */
export function lengthEncoding(data: VarDataView): Encoding {
  const { encoding } = data.length
  if (encoding === undefined) throw new Error(`Cannot print "${data.token.name}": its length has no encoding`)
  return encoding
}

/** Bytes of the length in front of variable-length data. */
export function lengthWidth(data: VarDataView): number {
  return PRIMITIVES[lengthEncoding(data).primitiveType].size
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
  } else if (context.boundsChecks) {
    const width = lengthWidth(part.data)
    const name = stringLiteral(`${scope.owner}.${part.token.name}`)
    const order = context.ir.littleEndian ? 'Le' : 'Be'
    const skip = out.import(
      `varDataEnd${width * 8}${width === 2 || width === 4 ? order : ''}`,
      context.runtime,
    )
    const endian = width === 8 ? `${context.ir.littleEndian}, ` : ''
    expression = `${skip}(${view}, ${at}, ${end}, ${endian}${name})`
  } else {
    const length = readLength(out, context, lengthEncoding(part.data), view, at)
    expression = `${at} + ${lengthWidth(part.data)} + ${length}`
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

/** The expression of the start of a part in a decoder; what printReach says must stand in front of it. */
export function startOfPart(part: TailPart): string {
  return part.index === 0
    ? 'this.#offset + this.#actingBlockLength'
    : `this.#${memberName(part.token.name)}Start`
}

const DECODER_PLACE: Place = { view: 'this.#view', end: 'this.#end', version: 'this.#actingVersion' }

/** The expression of the end of a part in a decoder, where the next one starts; what printReach says must stand in front of it. */
export function endOfPart(part: TailPart, tail: readonly TailPart[]): string {
  const next = tail[part.index + 1]
  return next === undefined ? 'this.#knownEnd' : startOfPart(next)
}

/** Prints, in a decoder, the statement that finds the ends of the first parts of its tail, as many as `count`. */
export function printReach(scope: ClassScope, count: number): void {
  if (count > 0) scope.out.line(`if (this.#reached < ${count}) this.#reach(${count})`)
}

/** Whether the end of a part is cheap to ask of its cursor, and dear to find: a group whose entries have a tail. */
function isWalked(part: TailPart): boolean {
  return part.kind === 'group' && part.group.body.groups.length + part.group.body.varData.length > 0
}

/** Name of the field that tells whether the cursor of a group is on this group; undefined where none is needed. */
export function openName(part: TailPart): string | undefined {
  return isWalked(part) ? `#${memberName(part.token.name)}IsOpen` : undefined
}

/** What a decoder remembers of its tail, and the values of a tail that nothing is known of. */
function tailState(tail: readonly TailPart[]): [field: string, unknown: string][] {
  if (tail.length === 0) return []
  const open = tail.map(openName).filter((name) => name !== undefined)
  return [['#reached', '0'], ...open.map((name): [string, string] => [name, 'false'])]
}

/** Prints the fields that remember where the parts of a decoder start, and where the last ends. */
export function printTailState(scope: ClassScope, tail: readonly TailPart[]): void {
  for (const [field, unknown] of tailState(tail)) scope.out.line(`${field} = ${unknown}`)
  // The first starts where the block ends.
  for (const part of tail.slice(1)) scope.out.line(`#${memberName(part.token.name)}Start = 0`)
  if (tail.length > 0) scope.out.line('#knownEnd = 0')
  if (scope.checksAccess) scope.out.line('#stage = -1')
}

/** Prints the statements that forget them, for a decoder that moves to a block. */
export function printTailReset(scope: ClassScope, tail: readonly TailPart[], stage?: string): void {
  for (const [field, unknown] of tailState(tail)) scope.out.line(`this.${field} = ${unknown}`)
  if (scope.checksAccess) {
    scope.out.line(`this.#stage = ${stage ?? firstStage(tail)}`)
  }
}

/**
 * Prints the method that finds where the parts of a decoder end, each from the one before. It is one method, and not inside of what
 * needs it, so that V8 has little to inline.
 */
export function printTailEnds(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out } = scope
  const [first, ...others] = tail
  if (first === undefined) return
  out.line()
  out.block('#reach(count: number): void {', () => {
    out.block('while (this.#reached < count) {', () => {
      if (others.length === 0) printKnownEnd(scope, first, tail)
      else {
        out.block('switch (this.#reached) {', () => {
          for (const part of tail) {
            const isLast = part.index === others.length
            out.block(isLast ? 'default: {' : `case ${part.index}: {`, () => {
              printKnownEnd(scope, part, tail)
              if (!isLast) out.line('break')
            })
          }
        })
      }
      out.line('this.#reached++')
    })
  })
  if (scope.checksAccess && hasOptionalParts(tail)) printPresentFrom(scope, tail)
}

/** Prints the statements that find the end of a part. */
function printKnownEnd(scope: ClassScope, part: TailPart, tail: readonly TailPart[]): void {
  const { out } = scope
  const known = endOfPart(part, tail)
  const open = openName(part)
  const find = (): void => {
    out.line(`const at = ${startOfPart(part)}`)
    printEndOfPart(scope, part, 'at', `${known} = `)
  }
  if (open === undefined) {
    find()
    return
  }
  // A cursor that has come to the end of the group knows where that is.
  out.line(`if (this.${open}) ${known} = this.#${memberName(part.token.name)}Group.sbeEnd()`)
  out.block('else {', find)
}

/** The expression of the end of a decoder's block and tail; what printReach says must stand in front of it. */
export function endOfTail(tail: readonly TailPart[]): string {
  return tail.length === 0 ? 'this.#offset + this.#actingBlockLength' : 'this.#knownEnd'
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
