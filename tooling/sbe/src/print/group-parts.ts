import type { GroupView } from '../ir/body-view.ts'
import type { Encoding } from '../ir/encoding.ts'
import type { Token } from '../ir/token.ts'
import type { ClassScope } from './class-scope.ts'

/** Prints the lengths of a group. */
export function printLengths(scope: ClassScope, group: GroupView): void {
  scope.out.doc('Bytes of the dimensions in front of the entries.')
  scope.out.line(`static readonly HEADER_LENGTH = ${group.headerLength}`)
  scope.out.doc('Bytes of the block of an entry in this version of the schema.')
  scope.out.line(`static readonly BLOCK_LENGTH = ${group.token.encodedLength}`)
}

/** The encoding of a token that has one. */
export function encodingOfToken(token: Token): Encoding {
  if (token.encoding === undefined) throw new Error(`Cannot print "${token.name}": it has no encoding`)
  return token.encoding
}
