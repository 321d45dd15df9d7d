import { childrenOf, viewMembers } from '../ir/body-view.ts'
import type { FieldView } from '../ir/body-view.ts'
import { versionsOf } from '../ir/length-at.ts'
import { Signal } from '../ir/signal.ts'
import type { Token } from '../ir/token.ts'
import { printRoomCheck, printView, printViewState } from './access.ts'
import { blockLengthsName, printBlockLengths, printConstants } from './block.ts'
import type { ClassScope } from './class-scope.ts'
import type { PrintContext } from './context.ts'
import { deprecation } from './enum.ts'
import { isConstant } from './field-parts.ts'
import { printFieldGetter, printFieldSetter } from './field.ts'
import { printCompositeJson } from './json.ts'
import { MemberNames, pascalName } from './names.ts'
import { printCompositeToObject, printFromObject } from './objects.ts'
import { stringLiteral } from './primitive.ts'
import type { Printer } from './printer.ts'

const MEMBERS = ['wrap', 'offset']

/** Prints the encoder of a composite. */
export function printCompositeEncoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const fields = viewMembers(tokens)
  const [token, scope] = open(out, context, tokens, 'Encoder', 'fromObject')
  const capacity = context.boundsChecks ? ['capacity'] : []
  out.doc(token.description, deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printFrame(scope, token, fields)
    out.line()
    out.doc('Moves to an offset.', '@throws RangeError where it does not fit')
    out.block('wrap(buffer: SbeBuffer, offset: number): this {', () => {
      printView(scope, context.boundsChecks ? '#capacity' : undefined)
      printRoomCheck(scope, 'capacity', 'offset', token.encodedLength)
      for (const state of ['view', 'buffer', ...capacity, 'offset']) out.line(`this.#${state} = ${state}`)
      out.line('return this')
    })
    printOffset(scope)
    for (const field of fields) printFieldSetter(scope, field)
    printFromObject(scope, { fields, groups: [], varData: [] })
  })
}

/** Prints the decoder of a composite. */
export function printCompositeDecoder(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const fields = viewMembers(tokens)
  const [token, scope] = open(out, context, tokens, 'Decoder', 'toObject')
  const capacity = context.boundsChecks ? ['capacity'] : []
  const usesVersion = fields.some(
    (field) =>
      (field.token.version > 0 && !isConstant(field)) || field.type.signal === Signal.BEGIN_COMPOSITE,
  )
  const hasGrown = context.boundsChecks && versionsOf(fields).length > 1
  if (hasGrown) printBlockLengths(scope, fields)
  out.doc(token.description, deprecation(token))
  out.block(`export class ${scope.className} {`, () => {
    printFrame(scope, token, fields)
    if (usesVersion) out.line('#actingVersion = 0')
    out.line()
    out.doc('Moves to an offset.', '@throws RangeError where it does not fit')
    const version = `${usesVersion ? 'actingVersion' : '_actingVersion'}: number = ${context.ir.version}`
    out.block(`wrap(buffer: SbeBuffer, offset: number, ${version}): this {`, () => {
      printView(scope, context.boundsChecks ? '#capacity' : undefined)
      if (context.boundsChecks) {
        const check = out.import('checkedEnd', context.runtime)
        const name = stringLiteral(scope.owner)
        const length = hasGrown
          ? `${out.import('blockLengthAt', context.runtime)}(${blockLengthsName(scope.owner)}, actingVersion)`
          : token.encodedLength
        out.line(`${check}(capacity, offset, ${length}, undefined, ${name})`)
      }
      const states = ['view', 'buffer', ...capacity, 'offset', ...(usesVersion ? ['actingVersion'] : [])]
      for (const state of states) out.line(`this.#${state} = ${state}`)
      out.line('return this')
    })
    printOffset(scope)
    for (const field of fields) printFieldGetter(scope, field)
    printCompositeToObject(scope, fields)
    printCompositeJson(scope, fields)
  })
}

function open(
  out: Printer,
  context: PrintContext,
  tokens: readonly Token[],
  suffix: string,
  objectMember: string,
): [Token, ClassScope] {
  const [token] = tokens
  if (token === undefined) throw new Error('Cannot print a composite: it has no tokens')
  const owner = pascalName(token.typeName)
  const reserved = context.objects ? [...MEMBERS, objectMember] : MEMBERS
  const names = childrenOf(tokens).map((member) => member.name)
  const members = new MemberNames(context.problems, `composite "${token.name}"`, reserved, names)
  return [token, { out, context, members, className: `${owner}${suffix}`, owner, checksAccess: false }]
}

function printFrame(scope: ClassScope, token: Token, fields: readonly FieldView[]): void {
  scope.out.doc('Bytes on the wire.')
  scope.out.line(`static readonly ENCODED_LENGTH = ${token.encodedLength}`)
  printConstants(scope, fields)
  scope.out.line()
  printViewState(scope)
  if (scope.context.boundsChecks) scope.out.line('#capacity = 0')
  scope.out.line('#offset = 0')
}

function printOffset(scope: ClassScope): void {
  scope.out.line()
  scope.out.doc('Where it starts in the buffer.')
  scope.out.block('get offset(): number {', () => scope.out.line('return this.#offset'))
}
