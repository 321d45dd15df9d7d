import type { ClassScope } from './class-scope.ts'
import { stringLiteral } from './primitive.ts'

// The stage of a flyweight counts the groups and variable-length data behind it: 0 is the block, -1 not wrapped, or in
// front of the first entry of a group. The field-order checks of the reference tool are compares with it.

/** Prints, with field-order checks, the statement in front of an access of the block. */
export function printAccessCheck(scope: ClassScope, name: string): void {
  const { out, context } = scope
  if (!scope.checksAccess) return
  const check = out.import('checkAccess', context.runtime)
  out.line(`${check}(this.#stage, ${stringLiteral(`${scope.owner}.${name}`)})`)
}

/** Prints the check that bytes about to be written fit in the buffer; nothing where bounds checks are off. */
export function printRoomCheck(scope: ClassScope, capacity: string, at: string, length: number): void {
  const { out, context } = scope
  if (!context.boundsChecks || length === 0) return
  const check = out.import('checkRoom', context.runtime)
  out.line(`${check}(${capacity}, ${at}, ${length}, ${stringLiteral(scope.owner)})`)
}

/**
 * Prints the constants `view` and `capacity` of a wrap: the same buffer again costs a comparison. The capacity is kept in
 * the member `known`, as V8 may call a function for the length of a DataView; none where it is not needed.
 */
export function printView(scope: ClassScope, known: string | undefined): void {
  const { out, context } = scope
  const viewOf = out.import('viewOf', context.runtime)
  out.line(`const view = buffer === this.#buffer ? this.#view : ${viewOf}(buffer)`)
  if (known !== undefined)
    out.line(`const capacity = buffer === this.#buffer ? this.${known} : view.byteLength`)
}

/** Prints the fields that hold the buffer. */
export function printViewState(scope: ClassScope): void {
  const { out, context } = scope
  const type = out.importType('SbeBuffer', context.runtime)
  const empty = out.import('EMPTY_VIEW', context.runtime)
  out.line(`#buffer: ${type} = ${empty}`)
  out.line(`#view: DataView = ${empty}`)
}
