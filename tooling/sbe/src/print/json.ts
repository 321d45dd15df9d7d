import type { BodyView, FieldView } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf } from './context.ts'
import { enumName, enumNullName } from './enum.ts'
import { encodingOf, hasNull, isConstant, nullName } from './field-parts.ts'
import { keyOf } from './names.ts'
import { scalarType } from './primitive.ts'
import { setName } from './set.ts'
import { textOf } from './array.ts'
import { tailOf } from './tail.ts'
import type { TailPart } from './tail.ts'
import { charsetOfPart } from './var-data.ts'

/**
 * Prints `toJSON` and `toString` of a decoder: for debugging, and safe for bigints. A message or group is read by a
 * decoder of its own, so that printing moves no cursor; `#fresh` makes it.
 */
export function printJson(scope: ClassScope, body: BodyView): void {
  const { out, context } = scope
  const json = out.importType('Json', context.runtime)
  out.line()
  out.doc(
    'All that this decoder knows of it, for JSON.stringify(): 64-bit integers as text, enums and sets by their names, bytes in hexadecimal, null where absent. RangeError where it is damaged.',
  )
  // A message reads its groups by their own cursors, which it has for itself.
  const read = scope.messageOwner === undefined ? '#json' : 'sbeJson'
  out.block(`toJSON(): ${json} {`, () => out.line(`return this.#fresh().${read}()`))
  printToString(scope)
  out.line()
  if (read === 'sbeJson') out.doc('For generated code: as toJSON, and reads this very cursor.', '@internal')
  out.block(`${read}(): ${json} {`, () => printObject(scope, body))
}

/** As printJson, of a composite, which has no cursor. */
export function printCompositeJson(scope: ClassScope, fields: readonly FieldView[]): void {
  const { out, context } = scope
  out.line()
  out.doc('All of it, for JSON.stringify(), as toJSON of a message.')
  out.block(`toJSON(): ${out.importType('Json', context.runtime)} {`, () => {
    printObject(scope, { fields, groups: [], varData: [] })
  })
  printToString(scope)
}

function printToString(scope: ClassScope): void {
  const { out, context } = scope
  out.line()
  out.doc('All of it on one line, for debugging. RangeError where it is damaged.')
  out.block('toString(): string {', () => {
    out.line(`return ${out.import('jsonText', context.runtime)}('${scope.owner}', this.toJSON())`)
  })
}

function printObject(scope: ClassScope, body: BodyView): void {
  const { out } = scope
  const tail = tailOf(body)
  if (body.fields.length + tail.length === 0) {
    out.line('return {}')
    return
  }
  out.block('return {', () => {
    for (const field of body.fields) out.line(`${keyOf(field.token.name)}: ${fieldJson(scope, field)},`)
    for (const part of tail) out.line(`${keyOf(part.token.name)}: ${partJson(scope, part)},`)
  })
}

function fieldJson(scope: ClassScope, field: FieldView): string {
  const { out, context, members } = scope
  const { token, type } = field
  const member = `this.${members.of(token.name)}`
  const use = (name: string): string => out.import(name, context.runtime)
  if (type.signal === Signal.BEGIN_COMPOSITE) {
    return token.version > 0 ? `${member}?.toJSON() ?? null` : `${member}.toJSON()`
  }
  if (type.signal === Signal.BEGIN_ENUM) {
    const name = enumName(type)
    const from = specifierOf(name, context)
    out.import(name, from)
    const raw = isConstant(field)
      ? '0, 0'
      : `this.${members.of(`${token.name}#raw`)}, ${out.import(enumNullName(type), from)}`
    return `${use('enumJson')}(${name}, ${member}, ${raw})`
  }
  if (type.signal === Signal.BEGIN_SET) {
    const name = setName(type)
    return `${use('setJson')}(${out.import(name, specifierOf(name, context))}, ${member})`
  }
  return scalarJson(scope, field, member)
}

function scalarJson(scope: ClassScope, field: FieldView, member: string): string {
  const { out, context } = scope
  const { type } = field
  const encoding = encodingOf(field)
  if (typeof encoding.constant === 'string') return member
  const json = (): string => out.import('valueJson', context.runtime)
  if (type.arrayLength > 1 && !isConstant(field)) {
    const whole =
      textOf(field) === undefined
        ? `${out.import('arrayJson', context.runtime)}(${type.arrayLength}, (index) => ${member}(index))`
        : member
    return field.token.version > 0 ? `this.#actingVersion < ${field.token.version} ? null : ${whole}` : whole
  }
  if (hasNull(field)) return `${json()}(${member}, ${nullName(scope, field)})`
  const isFloat = encoding.primitiveType === 'float' || encoding.primitiveType === 'double'
  const isPlain =
    scalarType(encoding, scope.context.isNumberField(scope.owner, field.token.name)) === 'number'
  return isPlain && !isFloat ? member : `${json()}(${member})`
}

function partJson(scope: ClassScope, part: TailPart): string {
  const { out, context, members } = scope
  const member = `this.${members.of(part.token.name)}`
  if (part.kind === 'group') return `${out.import('entriesJson', context.runtime)}(${member}())`
  if (charsetOfPart(part) !== undefined) return member
  return `${out.import('bytesJson', context.runtime)}(${member})`
}
