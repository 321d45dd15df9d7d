import type { BodyView, FieldView } from '../ir/body-view.ts'
import { endAt, versionsOf } from '../ir/length-at.ts'
import { Signal } from '../ir/signal.ts'
import type { ClassScope } from './class-scope.ts'
import { printFieldConstants, printFieldGetter, printFieldSetter } from './field.ts'
import { hasNull, isConstant } from './field-parts.ts'
import { printGroupAccess, printGroupCount } from './group.ts'
import { constantName } from './names.ts'
import { tailOf } from './tail.ts'
import { printVarDataGetter, printVarDataSetter } from './var-data.ts'

/** Prints the constants of the fields of a block or composite. */
export function printConstants(scope: ClassScope, fields: readonly FieldView[]): void {
  const taken = new Map<string, string>()
  for (const field of fields) {
    const name = constantName(field.token.name)
    const other = hasConstants(field) ? taken.get(name) : undefined
    if (other !== undefined) {
      scope.context.problems.add(
        field.token,
        `Cannot generate "${field.token.name}" of ${scope.owner}: its constants begin with ${name}_ as those of "${other}" do; rename one`,
      )
    }
    if (hasConstants(field)) taken.set(name, field.token.name)
    printFieldConstants(scope, field)
  }
}

/** Whether a field has constants beside its members: an array its length, an optional or limited value its null and limits. */
function hasConstants(field: FieldView): boolean {
  const { type } = field
  if (type.signal !== Signal.ENCODING || isConstant(field)) return false
  const { minValue, maxValue } = type.encoding ?? {}
  return type.arrayLength > 1 || hasNull(field) || minValue !== undefined || maxValue !== undefined
}

/** Prints the getters of a body: fields, groups, variable-length data. */
export function printGetters(scope: ClassScope, body: BodyView): void {
  const tail = tailOf(body)
  for (const field of body.fields) printFieldGetter(scope, field)
  for (const part of tail) {
    if (part.kind === 'group') printGroupAccess(scope, part, tail)
    else printVarDataGetter(scope, part, tail)
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

/** Whether a body has anything on the wire that is accessed. */
export function hasAccess(body: BodyView): boolean {
  return tailOf(body).length > 0 || !body.fields.every(isConstant)
}

/** All names of the schema inside a body. */
export function namesOf(body: BodyView): string[] {
  return [...body.fields, ...body.groups, ...body.varData].map(({ token }) => token.name)
}

/** Name of the constant that printBlockLengths prints. */
export function blockLengthsName(owner: string): string {
  return `${constantName(owner)}_BLOCK_LENGTHS`
}

/** Prints, for each version that added to a block or composite, the bytes that it needs; the argument of the runtime's checkBlockLength. */
export function printBlockLengths(scope: ClassScope, fields: readonly FieldView[]): void {
  const { out, context } = scope
  const type = out.importType('BlockLengths', context.runtime)
  const lengths = versionsOf(fields).map((version) => `[${version}, ${endAt(fields, version)}]`)
  const open = `const ${blockLengthsName(scope.owner)}: ${type} = [`
  if (lengths.length === 1) out.line(`${open}${lengths.join('')}]`)
  else {
    out.block(
      open,
      () => {
        for (const pair of lengths) out.line(`${pair},`)
      },
      ']',
    )
  }
  out.line()
}
