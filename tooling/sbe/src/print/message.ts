import { viewMessage } from '../ir/body-view.ts'
import type { BodyView } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { printRoomCheck, printView, printViewState } from './access.ts'
import {
  blockLengthsName,
  hasAccess,
  namesOf,
  printBlockLengths,
  printConstants,
  printGetters,
  printSetters,
} from './block.ts'
import type { ClassScope } from './class-scope.ts'
import type { PrintContext } from './context.ts'
import { deprecation } from './enum.ts'
import { printGroupFields } from './group.ts'
import { checkGroupClasses } from './group-classes.ts'
import { printGroupDecoder } from './group-decoder.ts'
import { printGroupEncoder } from './group-encoder.ts'
import { printDecoderHeader, printEncoderHeader } from './header.ts'
import { printJson } from './json.ts'
import { memberName, MemberNames, pascalName } from './names.ts'
import { printFromObject, printToObject } from './objects.ts'
import { plus, stringLiteral } from './primitive.ts'
import type { Printer } from './printer.ts'
import { endOfTail, printReach, printTailReset, printTailEnds, printTailState, tailOf } from './tail.ts'
import type { TailPart } from './tail.ts'

const ENCODER_MEMBERS = ['wrap', 'wrapAndApplyHeader', 'encodedLength', 'offset', 'checkEncodingIsComplete']
const DECODER_MEMBERS = [
  'wrap',
  'wrapAndApplyHeader',
  'decodedLength',
  'offset',
  'actingVersion',
  'actingBlockLength',
  'sbeRewind',
  'sbeSkip',
]

/** Name of the class of a message, without Encoder or Decoder. */
export function messageName(token: Token): string {
  return pascalName(token.name)
}

/** Prints the encoder of a message and those of its groups. */
export function printMessageEncoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const reserved = context.objects ? [...ENCODER_MEMBERS, 'fromObject'] : ENCODER_MEMBERS
  const [token, scope, body] = open(out, context, tokens, 'Encoder', reserved)
  const tail = tailOf(body)
  out.doc(token.description, templateDoc(token), deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printIds(scope, token)
    printConstants(scope, body.fields)
    out.line()
    printViewState(scope)
    if (tail.length === 0 && context.boundsChecks) out.line('#capacity = 0')
    out.line('#offset = 0')
    if (tail.length > 0 || scope.checksAccess) out.line('#stage = -1')
    if (tail.length > 0) {
      out.line(`readonly #limit: EncodeLimit = new ${out.import('EncodeLimit', context.runtime)}()`)
      printGroupFields(scope, body, true)
    }
    printEncoderWrap(scope, token, tail)
    printEncoderHeader(scope, token)
    printEncoderPlace(scope, token, tail)
    printComplete(scope, tail)
    printSetters(scope, body)
    printFromObject(scope, body)
  })
  for (const group of body.groups) printGroupEncoder(scope, group)
}

function printEncoderWrap(scope: ClassScope, token: Token, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const ownCapacity = context.boundsChecks ? '#capacity' : undefined
  const known = tail.length > 0 ? '#limit.capacity' : ownCapacity
  out.line()
  out.doc(
    'Starts a message whose block is at an offset. Bytes that no field covers keep what was in the buffer.',
    '@throws RangeError where the block does not fit',
  )
  out.block('wrap(buffer: SbeBuffer, offset: number): this {', () => {
    printView(scope, known)
    printRoomCheck(scope, 'capacity', 'offset', token.encodedLength)
    out.line('this.#view = view')
    if (known !== undefined) out.line(`this.${known} = capacity`)
    out.line('this.#buffer = buffer')
    out.line('this.#offset = offset')
    if (tail.length > 0) out.line(`this.#limit.value = ${plus('offset', token.encodedLength)}`)
    if (tail.length > 0 || scope.checksAccess) out.line('this.#stage = 0')
    out.line('return this')
  })
}

function printEncoderPlace(scope: ClassScope, token: Token, tail: readonly TailPart[]): void {
  const { out } = scope
  out.line()
  out.doc('Where the block starts in the buffer.')
  out.block('get offset(): number {', () => out.line('return this.#offset'))
  out.line()
  out.doc(
    tail.length > 0
      ? 'Bytes of the block, and of the groups and variable-length data written so far, without the header.'
      : 'Bytes of the block, without the header.',
  )
  out.block('get encodedLength(): number {', () => {
    out.line(tail.length > 0 ? 'return this.#limit.value - this.#offset' : `return ${token.encodedLength}`)
  })
}

function printComplete(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const last = tail.at(-1)
  if (last === undefined && !scope.checksAccess) return
  const name = stringLiteral(scope.owner)
  out.line()
  out.doc(
    'Checks that the message is whole: each of its groups and variable-length data is written.',
    '@throws RangeError where one is not',
  )
  out.block('checkEncodingIsComplete(): void {', () => {
    out.line(`${out.import('checkComplete', context.runtime)}(this.#stage, ${tail.length}, ${name})`)
    if (last?.kind === 'group') out.line(`this.#${memberName(last.token.name)}Group.sbeCheckComplete()`)
  })
}

/** Prints the decoder of a message and those of its groups. */
export function printMessageDecoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const reserved = context.objects ? [...DECODER_MEMBERS, 'toObject'] : DECODER_MEMBERS
  const [token, scope, body] = open(out, context, tokens, 'Decoder', reserved)
  const tail = tailOf(body)
  checkGroupClasses(context, scope.owner, body)
  if (context.boundsChecks && token.encodedLength > 0) printBlockLengths(scope, body.fields)
  out.doc(token.description, templateDoc(token), deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printIds(scope, token)
    printConstants(scope, body.fields)
    out.line()
    printViewState(scope)
    const end = tail.length > 0 ? ['#end'] : []
    const capacity = needsCapacity(scope, tail) ? ['#capacity'] : []
    for (const state of [...capacity, '#offset', ...end, '#actingBlockLength', '#actingVersion'])
      out.line(`${state} = 0`)
    printTailState(scope, tail)
    printDecoderWrap(scope, token, tail)
    printDecoderHeader(scope, token)
    printDecoderPlace(scope, tail)
    printTailEnds(scope, tail)
    printGetters(scope, body)
    printFresh(scope, tail)
    printToObject(scope, body)
    printJson(scope, body)
  })
  for (const group of body.groups) printGroupDecoder(scope, group)
}

function printDecoderWrap(scope: ClassScope, token: Token, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const name = stringLiteral(scope.owner)
  const { boundsChecks } = context
  out.line()
  out.doc(
    'Moves to a message whose block is at an offset.',
    boundsChecks
      ? 'Block length and version are those of its writer, from the message header. The message ends after `length` bytes, or with the buffer where no length is given; nothing beyond is read.'
      : 'Block length and version are those of its writer, from the message header. Generated without bounds checks: what is read is not checked against the end of the message.',
    boundsChecks
      ? '@throws RangeError where the block does not fit, or is shorter than its version says'
      : '',
  )
  const usesLength = boundsChecks || tail.length > 0
  const parameters = `buffer: SbeBuffer, offset: number, actingBlockLength: number, actingVersion: number, ${usesLength ? 'length' : '_length'}?: number`
  out.block(`wrap(${parameters}): this {`, () => {
    const isCapacityKnown = needsCapacity(scope, tail)
    printView(scope, isCapacityKnown ? '#capacity' : undefined)
    if (boundsChecks) {
      const check = `${out.import('checkedEnd', context.runtime)}(capacity, offset, actingBlockLength, length, ${name})`
      out.line(tail.length > 0 ? `const end = ${check}` : check)
      if (token.encodedLength > 0) {
        out.block(`if (actingBlockLength < ${token.encodedLength}) {`, () => {
          const lengths = blockLengthsName(scope.owner)
          out.line(
            `${out.import('checkBlockLength', context.runtime)}(actingBlockLength, actingVersion, ${lengths}, ${name})`,
          )
        })
      }
    } else if (tail.length > 0) {
      out.line('const end = length === undefined ? capacity : offset + length')
    }
    const state = [
      'view',
      'buffer',
      ...(isCapacityKnown ? ['capacity'] : []),
      ...(tail.length > 0 ? ['end'] : []),
    ]
    for (const field of [...state, 'offset', 'actingBlockLength', 'actingVersion']) {
      out.line(`this.#${field} = ${field}`)
    }
    printTailReset(scope, tail)
    out.line('return this')
  })
}

function needsCapacity({ context }: ClassScope, tail: readonly TailPart[]): boolean {
  return context.boundsChecks || tail.length > 0
}

function printDecoderPlace(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out } = scope
  const print = (name: string, text: string): void => {
    out.line()
    out.doc(text)
    out.block(`get ${name}(): number {`, () => out.line(`return this.#${name}`))
  }
  print('offset', 'Where the block starts in the buffer.')
  print('actingBlockLength', 'Bytes of the block as its writer made it.')
  print('actingVersion', 'Version of the schema that its writer used.')
  out.line()
  out.doc(
    'Bytes of all that this decoder knows of the message, without the header. What a newer version put behind is not counted.',
  )
  out.block('get decodedLength(): number {', () => {
    printReach(scope, tail.length)
    out.line(
      tail.length === 0 ? 'return this.#actingBlockLength' : `return ${endOfTail(tail)} - this.#offset`,
    )
  })
  out.line()
  out.doc('Moves back to the block, as after wrap().')
  out.block('sbeRewind(): this {', () => {
    printTailReset(scope, tail)
    out.line('return this')
  })
  out.line()
  out.doc(
    'Passes over all of the message; returns the offset behind it in the buffer.',
    tail.length > 0 ? '@throws RangeError where it is truncated or damaged' : '',
  )
  out.block('sbeSkip(): number {', () => {
    printReach(scope, tail.length)
    if (scope.checksAccess) out.line(`this.#stage = ${tail.length}`)
    out.line(`return ${endOfTail(tail)}`)
  })
}

/** Prints the method that makes a decoder of the same message, so that printing it does not move this one. */
function printFresh(scope: ClassScope, tail: readonly TailPart[]): void {
  const { out, className } = scope
  out.line()
  out.block(`#fresh(): ${className} {`, () => {
    const length = tail.length > 0 ? ', this.#end - this.#offset' : ''
    out.line(`const fresh = new ${className}()`)
    out.line(
      `return fresh.wrap(this.#buffer, this.#offset, this.#actingBlockLength, this.#actingVersion${length})`,
    )
  })
}

function open(
  out: Printer,
  context: PrintContext,
  tokens: readonly Token[],
  suffix: string,
  reserved: readonly string[],
): [Token, ClassScope, BodyView] {
  const [token] = tokens
  if (token === undefined) throw new Error('Cannot print a message: it has no tokens')
  const owner = messageName(token)
  const body = viewMessage(tokens)
  const members = new MemberNames(context.problems, `message "${token.name}"`, reserved, namesOf(body))
  const className = `${owner}${suffix}`
  const checksAccess = context.precedenceChecks && hasAccess(body)
  return [token, { out, context, members, className, owner, checksAccess }, body]
}

function templateDoc(token: Token): string {
  return `Template ${token.id}${token.version > 0 ? `, since version ${token.version} of the schema` : ''}.`
}

function printIds(scope: ClassScope, token: Token): void {
  const { ir } = scope.context
  scope.out.line(`static readonly TEMPLATE_ID = ${token.id}`)
  scope.out.line(`static readonly SCHEMA_ID = ${ir.id}`)
  scope.out.line(`static readonly SCHEMA_VERSION = ${ir.version}`)
  scope.out.doc('Bytes of the block in this version of the schema.')
  scope.out.line(`static readonly BLOCK_LENGTH = ${token.encodedLength}`)
}
