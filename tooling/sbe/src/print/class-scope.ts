import type { PrintContext } from './context.ts'
import type { MemberNames } from './names.ts'
import type { Printer } from './printer.ts'

/** One generated class while it is printed. */
export interface ClassScope {
  readonly out: Printer
  readonly context: PrintContext
  readonly members: MemberNames
  /** Name of the generated class. */
  readonly className: string
  /** Name of the message, group or composite, for number fields and the errors of the generated code. */
  readonly owner: string
  /** Of the class of a group: the name of its message. */
  readonly messageOwner?: string
  /** Whether the class keeps the stage of its accesses, and each is checked against it. */
  readonly checksAccess: boolean
}
