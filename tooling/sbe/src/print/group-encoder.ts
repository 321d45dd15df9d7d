import type { GroupView } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import type { Token } from '../ir/token.ts'
import { printRoomCheck, printViewState } from './access.ts'
import { hasAccess, namesOf, printConstants, printSetters } from './block.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { isConstant } from './field-parts.ts'
import { printGroupFields } from './group.ts'
import { encodingOfToken, printLengths } from './group-parts.ts'
import { memberName, MemberNames } from './names.ts'
import { printFromObject } from './objects.ts'
import { isPair, maxLength, plus, stringLiteral, writeLength, writePair } from './primitive.ts'
import type { Place } from './primitive.ts'
import { groupClassName, tailOf } from './tail.ts'
import type { TailPart } from './tail.ts'

const MEMBERS = ['count', 'index', 'next', 'resetCountToIndex', 'sbeWrap', 'sbeCheckComplete']

/** Prints the encoders of a group and of the groups inside it. */
export function printGroupEncoder(parent: ClassScope, group: GroupView): void {
  const { out, context } = parent
  const owner = groupClassName(parent.owner, group.token)
  const className = `${owner}Encoder`
  const reserved = context.objects ? [...MEMBERS, 'fromObject'] : MEMBERS
  const members = new MemberNames(context.problems, `group "${owner}"`, reserved, namesOf(group.body))
  const scope: ClassScope = {
    ...parent,
    members,
    className,
    owner,
    messageOwner: parent.messageOwner ?? parent.owner,
    checksAccess: context.precedenceChecks && hasAccess(group.body),
  }
  const tail = tailOf(group.body)
  out.line()
  out.doc(group.token.description, 'Call next() before writing each entry.', deprecation(group.token))
  out.block(`export class ${className} {`, () => {
    printLengths(scope, group)
    printConstants(scope, group.body.fields)
    out.line()
    if (needsBuffer(group)) printViewState(scope)
    else out.line(`#view: DataView = ${out.import('EMPTY_VIEW', context.runtime)}`)
    out.line(`readonly #limit: ${out.import('EncodeLimit', context.runtime)}`)
    for (const name of ['#at', ...(hasBlock(group) ? ['#offset'] : []), '#count', '#index'])
      out.line(`${name} = 0`)
    if (tail.length > 0 || scope.checksAccess) out.line('#stage = -1')
    printGroupFields(scope, group.body, false)
    out.line()
    out.doc('For generated code.', '@internal')
    out.block('constructor(limit: EncodeLimit) {', () => {
      out.line('this.#limit = limit')
      for (const { token } of group.body.groups) {
        out.line(`this.#${memberName(token.name)}Group = new ${groupClassName(owner, token)}Encoder(limit)`)
      }
    })
    printEncoderWrap(scope, group, tail)
    printNextEncoded(scope, group, tail)
    printSetters(scope, group.body)
    printFromObject(scope, group.body)
  })
  for (const nested of group.body.groups) printGroupEncoder(scope, nested)
}

function printEncoderWrap(scope: ClassScope, group: GroupView, tail: readonly TailPart[]): void {
  const { out, context } = scope
  const countEncoding = encodingOfToken(group.numInGroup)
  out.line()
  out.doc('For generated code: writes the dimensions.', '@internal')
  const buffer = `${needsBuffer(group) ? 'buffer' : '_buffer'}: ${out.importType('SbeBuffer', context.runtime)}`
  out.block(`sbeWrap(${buffer}, view: DataView, count: number): void {`, () => {
    const range = `${countEncoding.minValue ?? 0}, ${maxLength(countEncoding)}`
    out.line(
      `${out.import('checkInteger', context.runtime)}(count, ${range}, ${stringLiteral(`the count of ${scope.owner}`)})`,
    )
    out.line('const at = this.#limit.value')
    printRoomCheck(scope, 'this.#limit.capacity', 'at', group.headerLength)
    if (needsBuffer(group)) out.line('this.#buffer = buffer')
    out.line('this.#view = view')
    printDimensions(scope, group)
    out.line(`this.#limit.value = at + ${group.headerLength}`)
    out.line('this.#at = at')
    out.line('this.#count = count')
    out.line('this.#index = 0')
    // Before the first entry every access is out of bounds.
    if (hasBlock(group)) out.line(`this.#offset = ${out.import('NOWHERE', context.runtime)}`)
    if (tail.length > 0 || scope.checksAccess) out.line('this.#stage = -1')
  })
}

function printDimensions({ out, context }: ClassScope, group: GroupView): void {
  const blockLength = placeOf(group.blockLength)
  const count = placeOf(group.numInGroup)
  const write = ({ encoding, offset }: Place, value: string): void =>
    out.line(writeLength(out, context, encoding, 'view', plus('at', offset), value))
  if (isPair(blockLength, count)) {
    const at = plus('at', blockLength.offset)
    out.line(writePair(blockLength.encoding, 'view', at, group.token.encodedLength, 'count'))
  } else {
    write(blockLength, String(group.token.encodedLength))
    write(count, 'count')
  }
}

function placeOf(member: Token): Place {
  return { encoding: encodingOfToken(member), offset: member.offset }
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
  const checkBefore = (): void => {
    if (last !== undefined) out.block('if (this.#index > 0) {', checkEntry)
  }
  out.line()
  out.doc('Moves to the next entry. RangeError where there is none, or the entry before is not complete.')
  out.block('next(): this {', () => {
    out.line(`${out.import('checkNext', context.runtime)}(this.#index, this.#count, ${name})`)
    checkBefore()
    out.line('const offset = this.#limit.value')
    printRoomCheck(scope, 'this.#limit.capacity', 'offset', group.token.encodedLength)
    if (hasBlock(group)) out.line('this.#offset = offset')
    out.line(`this.#limit.value = ${plus('offset', group.token.encodedLength)}`)
    out.line('this.#index++')
    if (last !== undefined || scope.checksAccess) out.line('this.#stage = 0')
    out.line('return this')
  })
  out.line()
  out.doc('For generated code: throws where entries are missing.', '@internal')
  out.block('sbeCheckComplete(): void {', () => {
    out.line(`${out.import('checkEntries', context.runtime)}(this.#index, this.#count, ${name})`)
    checkBefore()
  })
  out.line()
  out.doc(
    'Makes the entries written so far all that there are: for a count that was not known. RangeError where the last of them is not complete.',
  )
  out.block('resetCountToIndex(): this {', () => {
    checkBefore()
    const { numInGroup } = group
    out.line(
      writeLength(
        out,
        context,
        encodingOfToken(numInGroup),
        'this.#view',
        plus('this.#at', numInGroup.offset),
        'this.#index',
      ),
    )
    out.line('this.#count = this.#index')
    out.line('return this')
  })
}

// A private field that nothing reads is an error under noUnusedLocals: it is left out.

function hasBlock({ body }: GroupView): boolean {
  return !body.fields.every(isConstant)
}

function needsBuffer({ body }: GroupView): boolean {
  return (
    body.groups.length + body.varData.length > 0 ||
    body.fields.some((field) => field.type.signal === Signal.BEGIN_COMPOSITE)
  )
}
