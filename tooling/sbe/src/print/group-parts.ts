import type { GroupView } from '../ir/body-view.ts'
import type { Encoding } from '../ir/encoding.ts'
import { Signal } from '../ir/signal.ts'
import type { Token } from '../ir/token.ts'
import type { ClassScope } from './class-scope.ts'

// A private field that nothing reads is an error under noUnusedLocals, and so is a parameter: the one is left out, the
// other begins with an underscore.

/** Whether the class of a group reads its buffer. */
export function needsBuffer(group: GroupView): boolean {
  const { fields, groups, varData } = group.body
  return (
    groups.length + varData.length > 0 || fields.some((field) => field.type.signal === Signal.BEGIN_COMPOSITE)
  )
}

/** Whether the decoder of a group reads its acting version. */
export function needsVersion(group: GroupView): boolean {
  const { fields, groups, varData } = group.body
  return (
    groups.length > 0 ||
    varData.some((data) => data.token.version > 0) ||
    fields.some((field) => field.token.version > 0 || field.type.signal === Signal.BEGIN_COMPOSITE)
  )
}

/** The buffer parameter of sbeWrap. */
export function bufferParameter(group: GroupView): string {
  return needsBuffer(group) ? 'buffer: SbeBuffer' : '_buffer: SbeBuffer'
}

/** Prints the fields that hold the buffer. */
export function printViewState(scope: ClassScope, group: GroupView): void {
  const { out, context } = scope
  const type = out.importType('SbeBuffer', context.runtime)
  const empty = out.import('EMPTY_VIEW', context.runtime)
  if (needsBuffer(group)) out.line(`#buffer: ${type} = ${empty}`)
  out.line(`#view: DataView = ${empty}`)
}

/** Prints the lengths of a group. */
export function printLengths(scope: ClassScope, group: GroupView): void {
  scope.out.doc('Bytes of the dimensions in front of the entries.')
  scope.out.line(`static readonly HEADER_LENGTH = ${group.headerLength}`)
  scope.out.doc('Bytes of the block of an entry in this version of the schema.')
  scope.out.line(`static readonly BLOCK_LENGTH = ${group.token.encodedLength}`)
}

/** The encoding of a token that has one. */
export function encodingOf(token: Token): Encoding {
  if (token.encoding === undefined) throw new Error(`Cannot print "${token.name}": it has no encoding`)
  return token.encoding
}
