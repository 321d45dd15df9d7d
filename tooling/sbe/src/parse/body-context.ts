import type { Attributes } from './attributes.ts'
import type { Problems } from './schema-error.ts'
import type { SchemaType } from './schema-model.ts'
import type { TypeTable } from './type-table.ts'

/** What is needed to read the inside of a message or group. */
export interface BodyContext {
  readonly types: TypeTable
  readonly problems: Problems
  /** Version of the schema. */
  readonly version: number
  /** The message or group, for the errors. */
  readonly owner: string
  /** The version that the message or group came in. */
  readonly sinceVersion: number
}

/** The type of a name; one that is not declared is reported. */
export function findType(attributes: Attributes, name: string, context: BodyContext): SchemaType | undefined {
  const type = context.types.find(name)
  if (type === undefined && name !== '' && !context.types.isDeclared(name)) {
    attributes.problem(`type "${name}" is not declared; declare it in <types> or correct the name`)
  }
  return type
}
