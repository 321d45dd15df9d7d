import type { GroupView } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { printViewState } from './access.ts'
import { blockLengthsName, namesOf, printBlockLengths, printConstants, printGetters } from './block.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { encodingOfToken, printLengths } from './group-parts.ts'
import { printJson } from './json.ts'
import { MemberNames } from './names.ts'
import { printToObject } from './objects.ts'
import { plus, readLength, stringLiteral } from './primitive.ts'
import {
  endOfTail,
  firstStage,
  groupClassName,
  printEndOfPart,
  printGroupReadCheck,
  printReach,
  printTailReset,
  printTailEnds,
  printTailState,
  tailOf,
} from './tail.ts'
import type { TailPart } from './tail.ts'

const MEMBERS = [
  'count',
  'index',
  'next',
  'sbeCheckRead',
  'sbeEnd',
  'sbeIsUntouched',
  'sbeJson',
  'sbeObject',
  'sbeRewind',
  'sbeSkip',
  'sbeWrap',
  'sbeWrapAbsent',
]
const STATE = ['view', 'end', 'actingVersion']
const NUMBERS = ['offset', 'end', 'actingBlockLength', 'actingVersion', 'first', 'count', 'index']

/** Prints the decoders of a group and of the groups inside it, and the functions that skip them. */
export function printGroupDecoder(parent: ClassScope, group: GroupView): void {
  const { out, context } = parent
  const owner = groupClassName(parent.owner, group.token)
  const className = `${owner}Decoder`
  const reserved = context.objects ? [...MEMBERS, 'toObject'] : MEMBERS
  const members = new MemberNames(context.problems, `group "${owner}"`, reserved, namesOf(group.body))
  const scope: ClassScope = {
    ...parent,
    members,
    className,
    owner,
    messageOwner: parent.messageOwner ?? parent.owner,
    checksAccess: context.precedenceChecks,
  }
  const tail = tailOf(group.body)
  printSkip(scope, group)
  out.line()
  if (context.boundsChecks && group.token.encodedLength > 0) printBlockLengths(scope, group.body.fields)
  out.doc(
    group.token.description,
    'Starts in front of the first entry: call next() before reading.',
    deprecation(group.token),
  )
  out.block(`export class ${className} {`, () => {
    printLengths(scope, group)
    printConstants(scope, group.body.fields)
    out.line()
    printViewState(scope)
    for (const name of NUMBERS) out.line(`#${name} = 0`)
    printTailState(scope, tail)
    printDecoderWrap(scope, group, tail)
    printNextDecoded(scope, tail)
    printMoves(scope, group, tail)
    printTailEnds(scope, tail)
    printGetters(scope, group.body)
    printCopy(scope, tail)
    printToObject(scope, group.body)
    printJson(scope, group.body)
  })
  for (const nested of group.body.groups) printGroupDecoder(scope, nested)
}

/** Prints the constants `blockLength`, `count` and `first`: the dimensions, and where the entries start. */
function printDimensions(scope: ClassScope, group: GroupView): void {
  const { out, context } = scope
  const name = stringLiteral(scope.owner)
  const read = (token: Token): string =>
    readLength(out, context, encodingOfToken(token), 'view', plus('at', token.offset))
  if (context.boundsChecks) {
    out.line(`${out.import('checkGroupHeader', context.runtime)}(at, ${group.headerLength}, end, ${name})`)
  }
  out.line(`const blockLength = ${read(group.blockLength)}`)
  out.line(`const count = ${read(group.numInGroup)}`)
  out.line(`const first = at + ${group.headerLength}`)
  if (!context.boundsChecks) return
  out.line(`${out.import('checkGroup', context.runtime)}(first, blockLength, count, end, ${name})`)
}

function printSkip(scope: ClassScope, group: GroupView): void {
  const { out, context } = scope
  const tail = tailOf(group.body)
  const usesVersion = tail.some((part) => part.kind === 'group' || part.token.version > 0)
  const usesEnd = context.boundsChecks || tail.some((part) => part.kind === 'group')
  const end = usesEnd ? 'end' : '_end'
  const version = usesVersion ? 'version' : '_version'
  const place = { view: 'view', end: 'end', version: 'version' }
  out.line()
  out.block(
    `function endOf${scope.owner}(view: DataView, at: number, ${end}: number, ${version}: number): number {`,
    () => {
      printDimensions(scope, group)
      const since = Math.min(...tail.map((part) => part.token.version))
      if (tail.length === 0) {
        out.line('return first + blockLength * count')
        return
      }
      // Entries that may be of no bytes are not walked one by one: their count comes from the wire.
      if (since > 0) out.line(`if (version < ${since}) return first + blockLength * count`)
      out.line('let next = first')
      out.block('for (let i = 0; i < count; i++) {', () => {
        out.line('next += blockLength')
        for (const part of tail) printEndOfPart(scope, part, 'next', 'next = ', place)
      })
      out.line('return next')
    },
  )
}

function printDecoderWrap(scope: ClassScope, group: GroupView, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const blockLength = group.token.encodedLength
  out.line()
  out.doc('For generated code: reads the dimensions.', '@internal')
  const place = 'buffer: SbeBuffer, view: DataView, at: number, end: number, actingVersion: number'
  out.block(`sbeWrap(${place}): this {`, () => {
    printDimensions(scope, group)
    if (context.boundsChecks && blockLength > 0) {
      const check = out.import('checkBlockLength', context.runtime)
      out.block(`if (blockLength < ${blockLength} && count > 0) {`, () => {
        const name = stringLiteral(scope.owner)
        out.line(`${check}(blockLength, actingVersion, ${blockLengthsName(scope.owner)}, ${name})`)
      })
    }
    for (const name of ['buffer', ...STATE, 'first', 'count']) out.line(`this.#${name} = ${name}`)
    out.line('this.#actingBlockLength = blockLength')
    printRewind(scope, tail)
    out.line('return this')
  })
  if (group.token.version === 0) return
  out.line()
  out.doc('For generated code: a group that the acting version does not have.', '@internal')
  out.block('sbeWrapAbsent(at: number): this {', () => {
    out.line(`this.#buffer = this.#view = ${out.import('EMPTY_VIEW', context.runtime)}`)
    out.line('this.#offset = this.#end = this.#count = this.#index = 0')
    out.line('this.#first = at')
    printTailReset(scope, tail, '-1')
    out.line('return this')
  })
}

function printRewind(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out, context } = scope
  // Before the first entry every access is out of bounds, also those behind the block.
  out.line(`this.#offset = ${out.import('NOWHERE', context.runtime)} - this.#actingBlockLength`)
  out.line('this.#index = 0')
  printTailReset(scope, tail, '-1')
}

function printNextDecoded(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const name = stringLiteral(scope.owner)
  out.line()
  out.doc('Entries of the group.')
  out.block('get count(): number {', () => out.line('return this.#count'))
  out.line()
  out.doc('Entries that next() has reached: 0 before the first.')
  out.block('get index(): number {', () => out.line('return this.#index'))
  if (scope.checksAccess) printReadChecks(scope, tail)
  out.line()
  out.doc(
    'Moves to the next entry; false, and no move, where there is none. RangeError where it is truncated.',
  )
  out.block('next(): boolean {', () => {
    out.line('if (this.#index >= this.#count) return false')
    if (scope.checksAccess && tail.length > 0) out.line('this.#checkEntry()')
    if (tail.length === 0) {
      // That all of them fit is checked when the dimensions are read.
      out.line('this.#offset = this.#first + this.#index * this.#actingBlockLength')
    } else {
      out.line('let offset = this.#first')
      out.block('if (this.#index > 0) {', () => {
        printReach(scope, tail.length)
        out.line(`offset = ${endOfTail(tail)}`)
      })
      if (context.boundsChecks) {
        const check = out.import('checkEntry', context.runtime)
        out.line(`${check}(offset, this.#actingBlockLength, this.#end, ${name})`)
      }
      out.line('this.#offset = offset')
    }
    out.line('this.#index++')
    printTailReset(scope, tail)
    out.line('return true')
  })
}

/** Prints, for field-order checks, what the message asks of its group, and what an entry must have read. */
function printReadChecks(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const name = stringLiteral(scope.owner)
  const last = tail.at(-1)
  out.line()
  out.doc('For generated code: whether no entry was reached.', '@internal')
  out.block('get sbeIsUntouched(): boolean {', () => out.line('return this.#index === 0'))
  out.line()
  out.doc('For generated code: throws where entries are not read.', '@internal')
  out.block('sbeCheckRead(): void {', () => {
    out.line(`${out.import('checkEntriesRead', context.runtime)}(this.#index, this.#count, ${name})`)
    if (last !== undefined) out.line('this.#checkEntry()')
  })
  if (last === undefined) return
  out.line()
  out.block('#checkEntry(): void {', () => {
    out.line('if (this.#stage < 0) return')
    out.line(`${out.import('checkTailRead', context.runtime)}(this.#stage, ${tail.length}, ${name})`)
    printGroupReadCheck(scope, last)
  })
}

function printMoves(scope: ClassScope, group: GroupView, tail: readonly TailPart[]): void {
  const { out } = scope
  out.line()
  out.doc('Moves back in front of the first entry.')
  out.block('sbeRewind(): this {', () => {
    printRewind(scope, tail)
    out.line('return this')
  })
  out.line()
  out.doc('Moves behind the last entry; returns the offset of what follows the group in the buffer.')
  out.block('sbeSkip(): number {', () => {
    const walk = `endOf${scope.owner}(this.#view, this.#first - ${group.headerLength}, this.#end, this.#actingVersion)`
    // Found first: where it throws, the cursor stays where it is.
    out.line('let end = this.#first')
    out.line(`if (this.#count > 0) end = ${walk}`)
    printRewind(scope, tail)
    out.line('this.#index = this.#count')
    if (tail.length > 0) out.line('this.#knownEnd = end')
    out.line('return end')
  })
  if (tail.length === 0) return
  out.line()
  out.doc('For generated code: where the group ends, found in one step behind its last entry.', '@internal')
  out.block('sbeEnd(): number {', () => {
    out.block('if (this.#index > 0 && this.#index === this.#count) {', () => {
      // Skipped, it stands on no entry, and has its end.
      out.line(`if (this.#offset >= 0 && this.#reached < ${tail.length}) this.#reach(${tail.length})`)
      out.line(`return ${endOfTail(tail)}`)
    })
    out.line('if (this.#count === 0) return this.#first')
    out.line(
      `return endOf${scope.owner}(this.#view, this.#first - ${group.headerLength}, this.#end, this.#actingVersion)`,
    )
  })
}

/** Prints the method that copies a cursor at its entry, so that printing it does not move it. */
function printCopy(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out, className } = scope
  out.line()
  out.block(`#fresh(): ${className} {`, () => {
    out.line(`const fresh = new ${className}()`)
    for (const name of ['buffer', 'view', ...NUMBERS]) out.line(`fresh.#${name} = this.#${name}`)
    if (scope.checksAccess) out.line(`fresh.#stage = this.#stage < 0 ? -1 : ${firstStage(tail)}`)
    out.line('return fresh')
  })
}
