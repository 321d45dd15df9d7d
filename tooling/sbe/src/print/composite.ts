import { childrenOf } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { printConstants } from './block.ts'
import type { ClassScope } from './class-scope.ts'
import type { PrintContext } from './context.ts'
import { deprecation } from './enum.ts'
import { fieldOfMember, printFieldGetter, printFieldSetter } from './field.ts'
import { printView } from './message.ts'
import { MemberNames, pascalName } from './names.ts'
import { stringLiteral } from './primitive.ts'
import type { Printer } from './printer.ts'

const MEMBERS = ['wrap', 'offset']

/** Prints the encoder of a composite. */
export function printCompositeEncoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const [token, scope] = open(out, context, tokens, 'Encoder')
  const fields = childrenOf(tokens).map(fieldOfMember)
  out.doc(token.description, deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printFrame(scope, token)
    printConstants(scope, fields)
    printState(scope)
    out.line()
    out.doc('Moves to an offset.', '@throws RangeError where it does not fit')
    out.block('wrap(buffer: SbeBuffer, offset: number): this {', () => {
      printView(scope)
      const name = stringLiteral(scope.owner)
      out.line(
        `${out.import('checkRoom', context.runtime)}(this.#view, offset, ${token.encodedLength}, ${name})`,
      )
      out.line('this.#offset = offset')
      out.line('return this')
    })
    printOffset(scope)
    for (const field of fields) printFieldSetter(scope, field)
  })
}

/** Prints the decoder of a composite. */
export function printCompositeDecoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const [token, scope] = open(out, context, tokens, 'Decoder')
  const fields = childrenOf(tokens).map(fieldOfMember)
  const usesVersion = fields.some(
    (field) => field.token.version > 0 || field.type.signal === 'BEGIN_COMPOSITE',
  )
  out.doc(token.description, deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printFrame(scope, token)
    printConstants(scope, fields)
    printState(scope)
    if (usesVersion) out.line('#actingVersion = 0')
    out.line()
    out.doc('Moves to an offset.', '@throws RangeError where it does not fit')
    const version = `${usesVersion ? 'actingVersion' : '_actingVersion'}: number = ${context.ir.version}`
    out.block(`wrap(buffer: SbeBuffer, offset: number, ${version}): this {`, () => {
      printView(scope)
      const name = stringLiteral(scope.owner)
      out.line(
        `${out.import('checkedEnd', context.runtime)}(this.#view, offset, ${token.encodedLength}, undefined, ${name})`,
      )
      out.line('this.#offset = offset')
      if (usesVersion) out.line('this.#actingVersion = actingVersion')
      out.line('return this')
    })
    printOffset(scope)
    for (const field of fields) printFieldGetter(scope, field)
  })
}

function open(
  out: Printer,
  context: PrintContext,
  tokens: readonly Token[],
  suffix: string,
): [Token, ClassScope] {
  const [token] = tokens
  if (token === undefined) throw new Error('Cannot print a composite: it has no tokens')
  const owner = pascalName(token.typeName)
  const members = new MemberNames(context.problems, `composite "${token.name}"`, MEMBERS)
  return [token, { out, context, members, className: `${owner}${suffix}`, owner }]
}

function printFrame(scope: ClassScope, token: Token): void {
  scope.out.doc('Bytes on the wire.')
  scope.out.line(`static readonly ENCODED_LENGTH = ${token.encodedLength}`)
}

function printState(scope: ClassScope): void {
  const { out, context } = scope
  out.line()
  out.line(
    `#buffer: ${out.importType('SbeBuffer', context.runtime)} = ${out.import('EMPTY_VIEW', context.runtime)}`,
  )
  out.line('#view: DataView = EMPTY_VIEW')
  out.line('#offset = 0')
}

function printOffset(scope: ClassScope): void {
  scope.out.line()
  scope.out.doc('Where it starts in the buffer.')
  scope.out.block('get offset(): number {', () => scope.out.line('return this.#offset'))
}
