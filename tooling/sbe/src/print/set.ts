import { childrenOf } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { deprecation, valueOf } from './enum.ts'
import { keyOf, memberName, pascalName } from './names.ts'
import type { Printer } from './printer.ts'

/** Name of the constant of a set. */
export function setName(token: Token): string {
  return pascalName(token.typeName)
}

/** Prints a set: an object of its bits, and a function that asks for one. Sets are plain numbers, or bigints of 64 bits. */
export function printSet(out: Printer, tokens: readonly Token[]): void {
  const [token] = tokens
  if (token?.encoding === undefined) throw new Error('Cannot print a set: it has no encoding')
  const name = setName(token)
  const isWide = token.encoding.primitiveType === 'uint64'
  const type = isWide ? 'bigint' : 'number'
  out.doc(token.description, 'Each value is one bit; join them with | to write a field.', deprecation(token))
  out.block(
    `export const ${name} = {`,
    () => {
      for (const choice of childrenOf(tokens)) {
        const bit = 1n << BigInt(valueOf(choice))
        out.doc(
          choice.description,
          choice.version > 0 ? `Since version ${choice.version}.` : '',
          deprecation(choice),
        )
        out.line(`${keyOf(choice.name)}: ${isWide ? `${bit}n` : bit},`)
      }
    },
    '} as const',
  )
  out.line(`export type ${name} = (typeof ${name})[keyof typeof ${name}]`)
  out.line()
  out.doc(`Whether the bits of a field have a choice of ${name}.`)
  out.block(`export function ${memberName(name)}Has(bits: ${type}, choice: ${name}): boolean {`, () => {
    out.line(isWide ? 'return (bits & choice) !== 0n' : 'return (bits & choice) !== 0')
  })
}
