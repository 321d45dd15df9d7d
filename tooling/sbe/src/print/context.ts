import type { Ir } from '../ir/token.ts'
import type { Problems } from '../parse/schema-error.ts'
import { fileName } from './names.ts'

/** What every printer needs to know of the run. */
export interface PrintContext {
  readonly ir: Ir
  readonly problems: Problems
  /** Where generated code finds its runtime. */
  readonly runtime: string
  /** Ending of the specifiers between generated files. */
  readonly importExtension: string
  /** Whether plain objects are printed. */
  readonly objects: boolean
  /** Whether every access is checked against the order of the schema. */
  readonly precedenceChecks: boolean
  /** Whether accesses are checked against the end of the message. */
  readonly boundsChecks: boolean
  /** Whether a 64-bit field of this owner is a number instead of a bigint. */
  isNumberField(owner: string, field: string): boolean
}

/** The specifier of the generated file of a class or constant. */
export function specifierOf(name: string, context: PrintContext): string {
  return `./${fileName(name)}${context.importExtension}`
}
