import type { FieldView } from '../ir/body-view.ts'
import type { ClassScope } from './class-scope.ts'
import { pascalName } from './names.ts'

/** What the documentation of a field says of the wire. */
export function wireDoc(field: FieldView): string {
  const { token, type } = field
  const { encoding } = type
  const kind = encoding === undefined ? pascalName(type.typeName) : encoding.primitiveType
  const array = type.arrayLength > 1 ? `[${type.arrayLength}]` : ''
  const since = token.version > 0 ? `, since version ${token.version}` : ''
  const optional = encoding?.presence === 'optional' ? ', optional' : ''
  return `Wire: ${kind}${array} at ${token.offset}${since}${optional}.`
}

/** Prints the line that answers for a field that the acting version does not have. */
export function printAbsent(scope: ClassScope, field: FieldView, answer: string): void {
  const since = field.token.version
  if (since > 0) scope.out.line(`if (this.#actingVersion < ${since}) return ${answer}`)
}
