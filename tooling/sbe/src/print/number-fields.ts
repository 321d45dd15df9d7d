import { Signal } from '../ir/signal.ts'
import type { Ir, Token } from '../ir/token.ts'
import { isInteger64 } from '../parse/primitives.ts'
import type { Problems } from '../parse/schema-error.ts'
import type { PrintContext } from './context.ts'
import { pascalName } from './names.ts'
import { isNumberNull } from './primitive.ts'

/** A 64-bit field or composite member, under both names that it may be asked for by. */
interface Wide {
  readonly names: readonly string[]
  readonly token: Token
  readonly type: Token
}

/**
 * Says which 64-bit fields are numbers. Reports the names that no field has, and the fields whose null value a number
 * cannot tell.
 */
export function numberFieldsOf(
  ir: Ir,
  names: readonly string[],
  problems: Problems,
): PrintContext['isNumberField'] {
  const wanted = new Set(names)
  const found = [...ir.messages, ...ir.types].flatMap(wideFields)
  for (const name of wanted) {
    const fields = found.filter((field) => field.names.includes(name))
    if (fields.length === 0) {
      problems.add(
        1,
        `Cannot generate "${name}" as a number: the schema has no 64-bit field of that name; correct the list of number fields`,
      )
    }
    for (const { token, type } of fields) {
      const mayBeNull = type.encoding?.presence === 'optional' || token.version > 0
      if (mayBeNull && type.encoding !== undefined && !isNumberNull(type.encoding.nullValue)) {
        problems.add(
          token,
          `Cannot generate "${name}" as a number: its null value ${type.encoding.nullValue} is not exact as one; take it off the list of number fields`,
        )
      }
    }
  }
  return (owner, field) => wanted.has(field) || wanted.has(`${owner}.${field}`)
}

function wideFields(tokens: readonly Token[]): Wide[] {
  const owners: string[] = []
  const fields: Wide[] = []
  for (const [index, token] of tokens.entries()) {
    const isField = token.signal === Signal.BEGIN_FIELD
    if (token.signal.startsWith('BEGIN_') && !isField) {
      const outer = token.signal === Signal.BEGIN_GROUP ? (owners.at(-1) ?? '') : ''
      owners.push(`${outer}${pascalName(token.typeName)}`)
    } else if (token.signal.startsWith('END_') && token.signal !== Signal.END_FIELD) owners.pop()
    const type = isField ? tokens[index + 1] : token
    if (type?.signal !== Signal.ENCODING || type.encoding === undefined) continue
    if (isInteger64(type.encoding.primitiveType)) {
      fields.push({ names: [token.name, `${owners.at(-1)}.${token.name}`], token, type })
    }
  }
  return fields
}
