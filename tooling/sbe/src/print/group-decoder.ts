import type { GroupView } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { blockLengths, printConstants, printGetters } from './block.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import {
  bufferParameter,
  encodingOf,
  needsBuffer,
  needsVersion,
  printLengths,
  printViewState,
} from './group-parts.ts'
import { constantName, MemberNames } from './names.ts'
import { plus, readLength, stringLiteral } from './primitive.ts'
import {
  endOfPart,
  endOfTail,
  groupClassName,
  printTailReset,
  printTailStarts,
  printTailState,
  tailOf,
} from './tail.ts'
import type { TailPart } from './tail.ts'

const MEMBERS = ['count', 'index', 'next', 'sbeWrap', 'sbeWrapAbsent']

/** Prints the decoders of a group and of the groups inside it, and the functions that skip them. */
export function printGroupDecoder(parent: ClassScope, group: GroupView): void {
  const { out, context } = parent
  const owner = groupClassName(parent.owner, group.token)
  const className = `${owner}Decoder`
  const members = new MemberNames(context.problems, `group "${owner}"`, MEMBERS)
  const scope: ClassScope = { ...parent, members, className, owner }
  const tail = tailOf(group.body)
  printSkip(scope, group)
  out.line()
  if (group.token.encodedLength > 0) {
    const type = out.importType('BlockLengths', context.runtime)
    const lengths = JSON.stringify(blockLengths(group.body.fields))
    out.line(`const ${blockLengthsName(scope)}: ${type} = ${lengths}`)
    out.line()
  }
  out.doc(
    group.token.description,
    'Starts in front of the first entry: call next() before reading.',
    deprecation(group.token),
  )
  out.block(`export class ${className} {`, () => {
    printLengths(scope, group)
    printConstants(scope, group.body.fields)
    out.line()
    printViewState(scope, group)
    const version = needsVersion(group) ? ['#actingVersion'] : []
    for (const name of ['#offset', '#end', '#actingBlockLength', ...version, '#first', '#count', '#index']) {
      out.line(`${name} = 0`)
    }
    printTailState(scope, tail)
    printDecoderWrap(scope, group, tail)
    printNextDecoded(scope, tail)
    printTailStarts(scope, tail)
    printGetters(scope, group.body)
  })
  for (const nested of group.body.groups) printGroupDecoder(scope, nested)
}

function blockLengthsName(scope: ClassScope): string {
  return `${constantName(scope.owner)}_BLOCK_LENGTHS`
}

function printDimensions(scope: ClassScope, group: GroupView): void {
  const { out, context } = scope
  const name = stringLiteral(scope.owner)
  const read = (token: Token): string => readLength(encodingOf(token), 'view', plus('at', token.offset))
  out.line(`${out.import('checkGroupHeader', context.runtime)}(at, ${group.headerLength}, end, ${name})`)
  out.line(`const blockLength = ${read(group.blockLength)}`)
  out.line(`const count = ${read(group.numInGroup)}`)
}

function checkedStart(scope: ClassScope, group: GroupView): string {
  const check = scope.out.import('checkedGroup', scope.context.runtime)
  return `${check}(at, ${group.headerLength}, blockLength, count, end, ${stringLiteral(scope.owner)})`
}

function printSkip(scope: ClassScope, group: GroupView): void {
  const { out } = scope
  const tail = tailOf(group.body)
  const usesVersion = tail.some((part) => part.kind === 'group' || part.token.version > 0)
  const version = usesVersion ? 'version' : '_version'
  out.line()
  out.block(
    `function endOf${scope.owner}(view: DataView, at: number, end: number, ${version}: number): number {`,
    () => {
      printDimensions(scope, group)
      if (tail.length === 0) {
        out.line(`return ${checkedStart(scope, group)} + blockLength * count`)
        return
      }
      out.line(`let next = ${checkedStart(scope, group)}`)
      out.block('for (let i = 0; i < count; i++) {', () => {
        out.line('next += blockLength')
        for (const part of tail) {
          out.line(
            `next = ${endOfPart(scope, part, 'next', { view: 'view', end: 'end', version: 'version' })}`,
          )
        }
      })
      out.line('return next')
    },
  )
}

function printDecoderWrap(scope: ClassScope, group: GroupView, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const blockLength = group.token.encodedLength
  const usesVersion = needsVersion(group) || blockLength > 0
  out.line()
  out.doc('For generated code: reads the dimensions.', '@internal')
  out.block(
    `sbeWrap(${bufferParameter(group)}, view: DataView, at: number, end: number, ${usesVersion ? 'actingVersion' : '_actingVersion'}: number): this {`,
    () => {
      printDimensions(scope, group)
      out.line(`const first = ${checkedStart(scope, group)}`)
      if (blockLength > 0) {
        const check = out.import('checkBlockLength', context.runtime)
        out.block(`if (blockLength < ${blockLength} && count > 0) {`, () => {
          const name = stringLiteral(scope.owner)
          out.line(`${check}(blockLength, actingVersion, ${blockLengthsName(scope)}, ${name})`)
        })
      }
      const state = [
        ...(needsBuffer(group) ? ['buffer'] : []),
        ...(needsVersion(group) ? ['actingVersion'] : []),
      ]
      for (const name of [...state, 'view', 'end', 'first', 'count']) out.line(`this.#${name} = ${name}`)
      out.line('this.#actingBlockLength = blockLength')
      // Before the first entry every access is out of bounds.
      out.line('this.#offset = view.byteLength')
      out.line('this.#index = 0')
      printTailReset(scope, tail)
      out.line('return this')
    },
  )
  if (group.token.version > 0) {
    out.line()
    out.doc('For generated code: a group that the acting version does not have.', '@internal')
    out.block('sbeWrapAbsent(): this {', () => {
      out.line(
        `${needsBuffer(group) ? 'this.#buffer = ' : ''}this.#view = ${out.import('EMPTY_VIEW', context.runtime)}`,
      )
      out.line('this.#offset = this.#end = this.#count = this.#index = 0')
      out.line('return this')
    })
  }
}

function printNextDecoded(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out, context } = scope
  out.line()
  out.doc('Entries of the group.')
  out.block('get count(): number {', () => out.line('return this.#count'))
  out.line()
  out.doc('Entries that next() has reached: 0 before the first.')
  out.block('get index(): number {', () => out.line('return this.#index'))
  out.line()
  out.doc(
    'Moves to the next entry; false, and no move, where there is none. RangeError where it is truncated.',
  )
  out.block('next(): boolean {', () => {
    const check = out.import('checkedEnd', context.runtime)
    out.line('if (this.#index >= this.#count) return false')
    out.line(`const offset = this.#index === 0 ? this.#first : ${endOfTail(scope, tail)}`)
    out.line(
      `${check}(this.#view, offset, this.#actingBlockLength, this.#end - offset, ${stringLiteral(scope.owner)})`,
    )
    out.line('this.#offset = offset')
    out.line('this.#index++')
    printTailReset(scope, tail)
    out.line('return true')
  })
}
