import { viewMembers, type FieldView } from './body-view.ts'
import { Signal } from './signal.ts'

/** Bytes that a field has in a version of the schema: its composite may have got members later. */
export function lengthAt({ type, tokens }: FieldView, version: number): number {
  if (type.signal !== Signal.BEGIN_COMPOSITE) return type.encodedLength
  return endAt(viewMembers(tokens), version)
}

/** Where fields, or the members of a composite, end in a version of the schema. */
export function endAt(fields: readonly FieldView[], version: number): number {
  const ends = onWire(fields)
    .filter(({ token }) => token.sinceVersion <= version)
    .map((field) => field.token.offset + lengthAt(field, version))
  return Math.max(0, ...ends)
}

/** Without constants, which have no bytes. */
function onWire(fields: readonly FieldView[]): FieldView[] {
  return fields.filter(({ type }) => type.encoding?.presence !== 'constant')
}

/** The versions that added fields, or members to their composites; ascending, and from 0. */
export function versionsOf(fields: readonly FieldView[]): number[] {
  return [...new Set([0, ...onWire(fields).flatMap(allVersionsOf)])].toSorted((a, b) => a - b)
}

function allVersionsOf({ token, type, tokens }: FieldView): number[] {
  const members = type.signal === Signal.BEGIN_COMPOSITE ? viewMembers(tokens) : []
  // What is in a field is not there before it.
  return [0, ...onWire(members).flatMap(allVersionsOf)].map((version) =>
    Math.max(version, token.sinceVersion),
  )
}
