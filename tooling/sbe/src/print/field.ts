import type { FieldView } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import { printArrayConstants, printArrayGetter, printArraySetter } from './array.ts'
import type { ClassScope } from './class-scope.ts'
import { printCompositeGetter, printCompositeSetter } from './composite-field.ts'
import { printEnumGetter, printEnumSetter } from './enum-field.ts'
import { isConstant } from './field-parts.ts'
import { printConstantGetter, printScalarConstants, printScalarGetter, printScalarSetter } from './scalar.ts'
import { printSetGetter, printSetSetter } from './set-field.ts'

/** Prints the constants of a field. */
export function printFieldConstants(scope: ClassScope, field: FieldView): void {
  printScalarConstants(scope, field)
  printArrayConstants(scope, field)
}

/** Prints the getters of a field. */
export function printFieldGetter(scope: ClassScope, field: FieldView): void {
  const { type } = field
  if (type.signal === Signal.BEGIN_ENUM) printEnumGetter(scope, field)
  else if (type.signal === Signal.BEGIN_SET) printSetGetter(scope, field)
  else if (type.signal === Signal.BEGIN_COMPOSITE) printCompositeGetter(scope, field)
  else if (type.signal !== Signal.ENCODING) throw unknownType(field)
  else if (isConstant(field)) printConstantGetter(scope, field)
  else if (type.arrayLength > 1) printArrayGetter(scope, field)
  else printScalarGetter(scope, field)
}

/** Prints the setters of a field; a constant has none. */
export function printFieldSetter(scope: ClassScope, field: FieldView): void {
  const { type } = field
  if (isConstant(field)) return
  if (type.signal === Signal.BEGIN_ENUM) printEnumSetter(scope, field)
  else if (type.signal === Signal.BEGIN_SET) printSetSetter(scope, field)
  else if (type.signal === Signal.BEGIN_COMPOSITE) printCompositeSetter(scope, field)
  else if (type.signal !== Signal.ENCODING) throw unknownType(field)
  else if (type.arrayLength > 1) printArraySetter(scope, field)
  else printScalarSetter(scope, field)
}

function unknownType(field: FieldView): Error {
  return new Error(
    `Cannot print field "${field.token.name}": ${field.type.signal} is not the start of a type`,
  )
}
