import { viewMessage } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { blockLengths, printConstants, printGetters, printSetters } from './block.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf, type PrintContext } from './context.ts'
import { deprecation } from './enum.ts'
import { printGroupFields } from './group.ts'
import { printGroupDecoder } from './group-decoder.ts'
import { printGroupEncoder } from './group-encoder.ts'
import { MemberNames, pascalName } from './names.ts'
import { stringLiteral } from './primitive.ts'
import type { Printer } from './printer.ts'
import { endOfTail, printTailReset, printTailStarts, printTailState, tailOf } from './tail.ts'

const ENCODER_MEMBERS = ['wrap', 'wrapAndApplyHeader', 'encodedLength', 'offset']
const DECODER_MEMBERS = [
  'wrap',
  'wrapAndApplyHeader',
  'decodedLength',
  'offset',
  'actingVersion',
  'actingBlockLength',
]

/** Name of the class of a message, without Encoder or Decoder. */
export function messageName(token: Token): string {
  return pascalName(token.name)
}

/** Prints the encoder of a message and those of its groups. */
export function printMessageEncoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const [token, scope, body] = open(out, context, tokens, 'Encoder', ENCODER_MEMBERS)
  const tail = tailOf(body)
  const { runtime } = context
  const name = stringLiteral(scope.owner)
  out.doc(token.description, templateDoc(token), deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printIds(scope, token)
    printConstants(scope, body.fields)
    out.line()
    out.line(`#buffer: ${out.importType('SbeBuffer', runtime)} = ${out.import('EMPTY_VIEW', runtime)}`)
    out.line('#view: DataView = EMPTY_VIEW')
    out.line('#offset = 0')
    if (tail.length > 0) {
      out.line('#stage = 0')
      out.line(`readonly #limit: EncodeLimit = new ${out.import('EncodeLimit', runtime)}()`)
      printGroupFields(scope, body, true)
    }
    out.line()
    out.doc(
      'Starts a message whose block is at an offset. Bytes that no field covers keep what was in the buffer.',
      '@throws RangeError where the block does not fit',
    )
    out.block('wrap(buffer: SbeBuffer, offset: number): this {', () => {
      printView(scope)
      out.line(`${out.import('checkRoom', runtime)}(this.#view, offset, ${token.encodedLength}, ${name})`)
      out.line('this.#offset = offset')
      if (tail.length > 0) {
        out.line(`this.#limit.value = offset + ${token.encodedLength}`)
        out.line('this.#stage = 0')
      }
      out.line('return this')
    })
    printEncoderHeader(scope, token)
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
    printSetters(scope, body)
  })
  for (const group of body.groups) printGroupEncoder(scope, group)
}

/** Prints the decoder of a message and those of its groups. */
export function printMessageDecoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const [token, scope, body] = open(out, context, tokens, 'Decoder', DECODER_MEMBERS)
  const tail = tailOf(body)
  const { runtime } = context
  const lengths = blockLengths(body.fields)
  const name = stringLiteral(scope.owner)
  if (token.encodedLength > 0) {
    const type = out.importType('BlockLengths', runtime)
    out.line(`const BLOCK_LENGTHS: ${type} = ${JSON.stringify(lengths)}`)
    out.line()
  }
  out.doc(token.description, templateDoc(token), deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printIds(scope, token)
    printConstants(scope, body.fields)
    out.line()
    out.line(`#buffer: ${out.importType('SbeBuffer', runtime)} = ${out.import('EMPTY_VIEW', runtime)}`)
    out.line('#view: DataView = EMPTY_VIEW')
    const end = tail.length > 0 ? ['#end'] : []
    for (const state of ['#offset', ...end, '#actingBlockLength', '#actingVersion']) out.line(`${state} = 0`)
    printTailState(scope, tail)
    out.line()
    out.doc(
      'Moves to a message whose block is at an offset.',
      'Block length and version are those of its writer, from the message header. The message ends after `length` bytes,\nor with the buffer where no length is given; nothing beyond is read.',
      '@throws RangeError where the block does not fit, or is shorter than its version says',
    )
    out.block(
      'wrap(buffer: SbeBuffer, offset: number, actingBlockLength: number, actingVersion: number, length?: number): this {',
      () => {
        printView(scope)
        const check = `${out.import('checkedEnd', runtime)}(this.#view, offset, actingBlockLength, length, ${name})`
        out.line(tail.length > 0 ? `this.#end = ${check}` : check)
        if (token.encodedLength > 0) {
          out.block(`if (actingBlockLength < ${token.encodedLength}) {`, () => {
            out.line(
              `${out.import('checkBlockLength', runtime)}(actingBlockLength, actingVersion, BLOCK_LENGTHS, ${name})`,
            )
          })
        }
        for (const state of ['offset', 'actingBlockLength', 'actingVersion'])
          out.line(`this.#${state} = ${state}`)
        printTailReset(scope, tail)
        out.line('return this')
      },
    )
    printDecoderHeader(scope, token)
    printDecoderPlace(scope)
    out.line()
    out.doc(
      'Bytes of all that this decoder knows of the message, without the header. What a newer version put behind is not counted.',
    )
    out.block('get decodedLength(): number {', () => {
      out.line(
        tail.length === 0
          ? 'return this.#actingBlockLength'
          : `return (${endOfTail(scope, tail)}) - this.#offset`,
      )
    })
    printTailStarts(scope, tail)
    printGetters(scope, body)
  })
  for (const group of body.groups) printGroupDecoder(scope, group)
}

function open(
  out: Printer,
  context: PrintContext,
  tokens: readonly Token[],
  suffix: string,
  reserved: readonly string[],
): [Token, ClassScope, ReturnType<typeof viewMessage>] {
  const [token] = tokens
  if (token === undefined) throw new Error('Cannot print a message: it has no tokens')
  const owner = messageName(token)
  const members = new MemberNames(context.problems, `message "${token.name}"`, reserved)
  return [token, { out, context, members, className: `${owner}${suffix}`, owner }, viewMessage(tokens)]
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

/** Prints the statements that take a buffer; the same buffer again costs a comparison. */
export function printView(scope: ClassScope): void {
  scope.out.block('if (buffer !== this.#buffer) {', () => {
    scope.out.line(`this.#view = ${scope.out.import('viewOf', scope.context.runtime)}(buffer)`)
    scope.out.line('this.#buffer = buffer')
  })
}

function headerName(scope: ClassScope): string {
  const [header] = scope.context.ir.header
  if (header === undefined) throw new Error('Cannot print a message: the schema has no header')
  return pascalName(header.typeName)
}

function printEncoderHeader(scope: ClassScope, token: Token): void {
  const { out, context } = scope
  const header = `${headerName(scope)}Encoder`
  out.import(header, specifierOf(header, context))
  out.line()
  out.doc(
    'Writes the message header at an offset and starts the message behind it.',
    '@throws RangeError where they do not fit',
  )
  out.block(`wrapAndApplyHeader(buffer: SbeBuffer, offset: number, header: ${header}): this {`, () => {
    out.line('header')
    out.line('  .wrap(buffer, offset)')
    out.line(`  .blockLength(${token.encodedLength})`)
    out.line(`  .templateId(${token.id})`)
    out.line(`  .schemaId(${context.ir.id})`)
    out.line(`  .version(${context.ir.version})`)
    out.line(`return this.wrap(buffer, offset + ${header}.ENCODED_LENGTH)`)
  })
}

function printDecoderHeader(scope: ClassScope, token: Token): void {
  const { out, context } = scope
  const header = `${headerName(scope)}Decoder`
  out.import(header, specifierOf(header, context))
  const check = out.import('checkHeader', context.runtime)
  out.line()
  out.doc(
    'Reads the message header at an offset and moves to the message behind it; `length` counts both.',
    '@throws SchemaMismatchError where the header names another schema or template; RangeError as wrap',
  )
  out.block(
    `wrapAndApplyHeader(buffer: SbeBuffer, offset: number, header: ${header}, length?: number): this {`,
    () => {
      out.line('header.wrap(buffer, offset)')
      out.line(`${check}(header, ${stringLiteral(scope.owner)}, ${context.ir.id}, ${token.id})`)
      const rest = `length === undefined ? undefined : length - ${header}.ENCODED_LENGTH`
      out.line(`const at = offset + ${header}.ENCODED_LENGTH`)
      out.line(`return this.wrap(buffer, at, header.blockLength, header.version, ${rest})`)
    },
  )
}

function printDecoderPlace(scope: ClassScope): void {
  const { out } = scope
  const print = (name: string, text: string): void => {
    out.line()
    out.doc(text)
    out.block(`get ${name}(): number {`, () => out.line(`return this.#${name}`))
  }
  print('offset', 'Where the block starts in the buffer.')
  print('actingBlockLength', 'Bytes of the block as its writer made it.')
  print('actingVersion', 'Version of the schema that its writer used.')
}
