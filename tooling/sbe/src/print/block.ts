import type { BodyView, FieldView } from '../ir/body-view.ts'
import { printArrayConstants } from './array.ts'
import type { ClassScope } from './class-scope.ts'
import { printFieldConstants, printFieldGetter, printFieldSetter } from './field.ts'
import { printGroupAccess, printGroupCount } from './group.ts'
import { tailOf } from './tail.ts'
import { printVarDataGetter, printVarDataSetter } from './var-data.ts'

/** Prints the constants of the fields of a block or composite. */
export function printConstants(scope: ClassScope, fields: readonly FieldView[]): void {
  for (const field of fields) {
    printFieldConstants(scope, field)
    printArrayConstants(scope, field)
  }
}

/** Prints the getters of a body: fields, groups, variable-length data. */
export function printGetters(scope: ClassScope, body: BodyView): void {
  for (const field of body.fields) printFieldGetter(scope, field)
  for (const part of tailOf(body)) {
    if (part.kind === 'group') printGroupAccess(scope, part)
    else printVarDataGetter(scope, part)
  }
}

/** Prints the setters of a body: fields, groups, variable-length data. */
export function printSetters(scope: ClassScope, body: BodyView): void {
  const tail = tailOf(body)
  for (const field of body.fields) printFieldSetter(scope, field)
  for (const part of tail) {
    if (part.kind === 'group') printGroupCount(scope, part, tail)
    else printVarDataSetter(scope, part, tail)
  }
}

/** For each version that added to the block, the bytes that it needs; the argument of the runtime's checkBlockLength. */
export function blockLengths(fields: readonly FieldView[]): [version: number, length: number][] {
  const versions = [...new Set([0, ...fields.map((field) => field.token.version)])].toSorted((a, b) => a - b)
  return versions.map((version) => {
    const present = fields.filter((field) => field.token.version <= version)
    return [version, Math.max(0, ...present.map((field) => field.token.offset + field.token.encodedLength))]
  })
}
