import { childrenOf } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { isInteger64 } from '../parse/primitives.ts'
import type { PrimitiveValue } from '../parse/primitives.ts'
import { constantName, keyOf, pascalName } from './names.ts'
import { literal, stringLiteral } from './primitive.ts'
import type { Printer } from './printer.ts'

/** Name of the constant and type of an enum. */
export function enumName(token: Token): string {
  return pascalName(token.typeName)
}

/** Name of the function that turns a wire value into a member. */
export function enumDecodeName(token: Token): string {
  return `decode${enumName(token)}`
}

/** Name of the wire value of an absent member. */
export function enumNullName(token: Token): string {
  return `${constantName(enumName(token))}_NULL`
}

/** A member as source text: a string of one character for a char enum, else a number. */
export function enumMember(value: PrimitiveValue, isChar: boolean): string {
  return isChar ? stringLiteral(String.fromCharCode(Number(value))) : literal(value)
}

/** Prints an enum: an object of its members, the union of them, the null value, and the way from the wire. */
export function printEnum(out: Printer, tokens: readonly Token[]): void {
  const [token] = tokens
  if (token?.encoding === undefined) throw new Error('Cannot print an enum: it has no encoding')
  const name = enumName(token)
  const isChar = token.encoding.primitiveType === 'char'
  const values = childrenOf(tokens)
  const wire = isInteger64(token.encoding.primitiveType) ? 'bigint' : 'number'
  out.doc(token.description, deprecation(token))
  out.block(
    `export const ${name} = {`,
    () => {
      for (const value of values) {
        out.doc(
          value.description,
          value.version > 0 ? `Since version ${value.version}.` : '',
          deprecation(value),
        )
        out.line(`${keyOf(value.name)}: ${enumMember(valueOf(value), isChar)},`)
      }
    },
    '} as const',
  )
  out.line(`export type ${name} = (typeof ${name})[keyof typeof ${name}]`)
  out.line()
  out.doc(`The wire value that says there is no ${name}.`)
  out.line(`export const ${enumNullName(token)}: ${wire} = ${literal(token.encoding.nullValue)}`)
  out.line()
  out.doc(
    'The member of a wire value; undefined where it is null, or one that this version of the schema does not have.',
  )
  out.block(
    `export function ${enumDecodeName(token)}(${values.length === 0 ? '_value' : 'value'}: ${wire}): ${name} | undefined {`,
    () => {
      if (values.length === 0) {
        out.line('return undefined')
        return
      }
      out.block('switch (value) {', () => {
        const seen = new Set<PrimitiveValue>()
        for (const value of values) {
          if (seen.has(valueOf(value))) continue
          seen.add(valueOf(value))
          out.line(`case ${literal(valueOf(value))}:`)
          out.line(`  return ${enumMember(valueOf(value), isChar)}`)
        }
        out.line('default:')
        out.line('  return undefined')
      })
    },
  )
}

/** The `@deprecated` tag of a token, or nothing. */
export function deprecation(token: Token): string {
  return token.deprecated === undefined ? '' : `@deprecated since version ${token.deprecated} of the schema`
}

/** The constant of a token that stands for a value. */
export function valueOf(token: Token): PrimitiveValue {
  const value = token.encoding?.constant
  if (value === undefined || typeof value === 'string')
    throw new Error(`Cannot print "${token.name}": it has no value`)
  return value
}
