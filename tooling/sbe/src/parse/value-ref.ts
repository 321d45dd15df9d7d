import type { Attributes } from './attributes.ts'
import type { EnumType, EnumValue, SchemaType } from './schema-model.ts'

/** The enum value that a valueRef names as `Enum.VALUE`; one that is none is reported. */
export function findEnumValue(
  attributes: Attributes,
  valueRef: string,
  types: { find(name: string): SchemaType | undefined },
): { readonly type: EnumType; readonly value: EnumValue } | undefined {
  const dot = valueRef.indexOf('.')
  const type = types.find(valueRef.slice(0, Math.max(0, dot)))
  const value =
    type?.kind === 'enum' ? type.values.find((other) => other.name === valueRef.slice(dot + 1)) : undefined
  if (type?.kind === 'enum' && value !== undefined) return { type, value }
  attributes.problem(
    `valueRef is "${valueRef}"; make it the name of an enum and of one of its values, as in "Side.BUY"`,
  )
  return undefined
}
