import type { BodyView, FieldView } from '../ir/body-view.ts'
import { viewMembers, viewMessage } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import type { Token } from '../ir/token.ts'
import { textOf } from './array.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf, type PrintContext } from './context.ts'
import { deprecation, enumName } from './enum.ts'
import { encodingOf, hasNull, isConstant, nullName } from './field-parts.ts'
import { keyOf, pascalName } from './names.ts'
import { plus, scalarType } from './primitive.ts'
import type { Printer } from './printer.ts'
import { groupClassName, tailOf } from './tail.ts'
import { charsetOfPart } from './var-data.ts'

/** Name of the interface of a message, group or composite. */
export function objectName(owner: string): string {
  return `${owner}Object`
}

/** The file of an interface: that of its message or composite. */
function objectFile(owner: string, context: PrintContext): string {
  return specifierOf(objectName(owner), context)
}

/** Prints the interfaces of a message and its groups. */
export function printMessageObject(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const [token] = tokens
  if (token === undefined) throw new Error('Cannot print a message: it has no tokens')
  printInterface(out, context, pascalName(token.name), token, viewMessage(tokens))
}

/** Prints the interface of a composite. */
export function printCompositeObject(out: Printer, context: PrintContext, tokens: readonly Token[]): void {
  const [token] = tokens
  if (token === undefined) throw new Error('Cannot print a composite: it has no tokens')
  const fields = viewMembers(tokens)
  printInterface(out, context, pascalName(token.typeName), token, { fields, groups: [], varData: [] })
}

function printInterface(
  out: Printer,
  context: PrintContext,
  owner: string,
  token: Token,
  body: BodyView,
): void {
  const isEmpty = tailOf(body).length === 0 && body.fields.every(isConstant)
  out.doc(token.description, deprecation(token))
  if (isEmpty) out.line(`export type ${objectName(owner)} = Readonly<Record<string, never>>`)
  else {
    out.block(`export interface ${objectName(owner)} {`, () => {
      for (const field of body.fields) printProperty(out, context, owner, field)
      for (const part of tailOf(body)) {
        const { name, description } = part.token
        out.doc(description, deprecation(part.token))
        if (part.kind === 'group') {
          out.line(`readonly ${keyOf(name)}: readonly ${objectName(groupClassName(owner, part.token))}[]`)
        } else {
          out.line(`readonly ${keyOf(name)}: ${charsetOfPart(part) === undefined ? 'Uint8Array' : 'string'}`)
        }
      }
    })
  }
  for (const group of body.groups) {
    out.line()
    printInterface(out, context, groupClassName(owner, group.token), group.token, group.body)
  }
}

function printProperty(out: Printer, context: PrintContext, owner: string, field: FieldView): void {
  if (isConstant(field)) return
  const { token } = field
  const type = propertyType(out, context, owner, field)
  const absent = mayBeAbsent(field)
  out.doc(token.description, absent ? 'Undefined where it is null or absent.' : '', deprecation(token))
  out.line(`readonly ${keyOf(token.name)}${absent ? '?' : ''}: ${type}${absent ? ' | undefined' : ''}`)
}

function mayBeAbsent(field: FieldView): boolean {
  const { type, token } = field
  if (type.signal === Signal.BEGIN_ENUM || hasNull(field)) return true
  if (type.signal === Signal.BEGIN_SET) return false
  if (type.signal === Signal.ENCODING && textOf(field) !== undefined) return false
  return token.version > 0
}

function propertyType(out: Printer, context: PrintContext, owner: string, field: FieldView): string {
  const { token, type } = field
  if (type.signal === Signal.BEGIN_COMPOSITE) {
    const name = pascalName(type.typeName)
    return out.importType(objectName(name), objectFile(name, context))
  }
  if (type.signal === Signal.BEGIN_ENUM) {
    const name = enumName(type)
    return out.importType(name, specifierOf(name, context))
  }
  const isSet = type.signal === Signal.BEGIN_SET
  const scalar = scalarType(encodingOf(field), !isSet && context.isNumberField(owner, token.name))
  if (isSet || type.arrayLength === 1) return scalar
  return textOf(field) === undefined ? `readonly ${scalar}[]` : 'string'
}

/** Prints `toObject` of a decoder of a message or group; `#fresh` makes the decoder that is read. */
export function printToObject(scope: ClassScope, body: BodyView): void {
  const { out, context } = scope
  if (!context.objects) return
  const name = out.importType(objectName(scope.owner), objectFile(fileOwner(scope), context))
  out.line()
  out.doc('All that this decoder knows of it as a plain object, copied. RangeError where it is damaged.')
  const read = scope.messageOwner === undefined ? '#object' : 'sbeObject'
  out.block(`toObject(): ${name} {`, () => out.line(`return this.#fresh().${read}()`))
  out.line()
  if (read === 'sbeObject')
    out.doc('For generated code: as toObject, and reads this very cursor.', '@internal')
  out.block(`${read}(): ${name} {`, () => printObject(scope, body))
}

/** Prints `toObject` of the decoder of a composite. */
export function printCompositeToObject(scope: ClassScope, fields: readonly FieldView[]): void {
  const { out, context } = scope
  if (!context.objects) return
  const name = out.importType(objectName(scope.owner), objectFile(scope.owner, context))
  out.line()
  out.doc('All of it as a plain object.')
  out.block(`toObject(): ${name} {`, () => printObject(scope, { fields, groups: [], varData: [] }))
}

/** The message of a group, whose file has the interfaces of both. */
function fileOwner(scope: ClassScope): string {
  return scope.messageOwner ?? scope.owner
}

function printObject(scope: ClassScope, body: BodyView): void {
  const { out, context, members } = scope
  const fields = body.fields.filter((field) => !isConstant(field))
  const tail = tailOf(body)
  if (fields.length + tail.length === 0) {
    out.line('return {}')
    return
  }
  out.block('return {', () => {
    for (const field of fields) out.line(`${keyOf(field.token.name)}: ${fieldValue(scope, field)},`)
    for (const part of tail) {
      const member = `this.${members.of(part.token.name)}`
      const isText = part.kind === 'varData' && charsetOfPart(part) !== undefined
      const value =
        part.kind === 'group'
          ? `${out.import('entriesOf', context.runtime)}(${member}())`
          : isText
            ? member
            : `${member}.slice()`
      out.line(`${keyOf(part.token.name)}: ${value},`)
    }
  })
}

function fieldValue(scope: ClassScope, field: FieldView): string {
  const { out, context, members } = scope
  const { token, type } = field
  const member = `this.${members.of(token.name)}`
  if (type.signal === Signal.BEGIN_COMPOSITE) {
    return token.version > 0 ? `${member}?.toObject()` : `${member}.toObject()`
  }
  if (hasNull(field)) {
    return `${out.import('undefinedIfNull', context.runtime)}(${member}, ${nullName(scope, field)})`
  }
  if (type.signal !== Signal.ENCODING || type.arrayLength === 1 || textOf(field) !== undefined) return member
  const list = out.import('arrayOf', context.runtime)
  const elements = `${list}(${type.arrayLength}, (index) => ${member}(index))`
  return token.version > 0 ? `this.#actingVersion < ${token.version} ? undefined : ${elements}` : elements
}

/** Prints `fromObject` of an encoder. */
export function printFromObject(scope: ClassScope, body: BodyView): void {
  const { out, context } = scope
  if (!context.objects) return
  const name = out.importType(objectName(scope.owner), objectFile(fileOwner(scope), context))
  const fields = body.fields.filter((field) => !isConstant(field))
  const tail = tailOf(body)
  out.line()
  out.doc(
    'Writes all of a plain object. What is undefined is written as null, an array or composite as zeros. Throws as the setters, and a TypeError where a member is missing or of another type.',
  )
  const isEmpty = fields.length + tail.length === 0
  out.block(`fromObject(${isEmpty ? '_object' : 'object'}: ${name}): this {`, () => {
    if (!isEmpty) out.line(checked(scope, 'object', 'object', scope.owner))
    for (const { token } of [...fields, ...tail]) printOwn(scope, token.name)
    for (const field of fields) printWrite(scope, field)
    for (const [index, part] of tail.entries()) {
      const { name: member } = part.token
      const path = `${scope.owner}.${member}`
      const value = propertyOf(member)
      if (part.kind === 'varData') {
        const kind = charsetOfPart(part) === undefined ? 'Uint8Array' : 'string'
        out.line(`this.${scope.members.of(member)}(${checked(scope, value, kind, path)})`)
        continue
      }
      out.line(`const entries${index} = ${checked(scope, value, 'array', path)}`)
      const count = scope.members.of(`${member}#count`)
      out.line(`const group${index} = this.${count}(entries${index}.length)`)
      out.line(`for (const entry of entries${index}) group${index}.next().fromObject(entry)`)
    }
    out.line('return this')
  })
}

/** The expression of a value whose kind is checked, by the name that errors have. */
function checked(scope: ClassScope, value: string, kind: string, path: string): string {
  return `${scope.out.import('checkPlain', scope.context.runtime)}(${value}, '${kind}', '${path}')`
}

/** Prints a constant for a property whose name every object has: it would be found where it is left out. */
function printOwn({ out, context }: ClassScope, name: string): void {
  if (!(name in Object.prototype)) return
  out.line(`const ${name} = ${out.import('ownProperty', context.runtime)}(object, '${name}')`)
}

function propertyOf(name: string): string {
  return name in Object.prototype ? name : `object.${name}`
}

function printWrite(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const value = propertyOf(token.name)
  const setter = `this.${members.of(token.name)}`
  const path = `${scope.owner}.${token.name}`
  if (type.signal === Signal.BEGIN_ENUM) {
    const name = out.import(enumName(type), specifierOf(enumName(type), context))
    out.line(`${setter}(${out.import('checkPlainEnum', context.runtime)}(${value}, ${name}, '${path}'))`)
    return
  }
  if (type.signal === Signal.BEGIN_COMPOSITE) {
    printWhole(scope, field, `${setter}().fromObject(${checked(scope, value, 'object', path)})`)
    return
  }
  const isSet = type.signal === Signal.BEGIN_SET
  // A single character is its code.
  const isText = !isSet && type.arrayLength > 1 && textOf(field) !== undefined
  const asNumber = !isSet && context.isNumberField(scope.owner, token.name)
  const kind = isText ? 'string' : scalarType(encodingOf(field), asNumber)
  if (isSet || isText || type.arrayLength <= 1) {
    const given = hasNull(field) ? `${value} ?? ${nullName(scope, field)}` : value
    out.line(`${setter}(${checked(scope, given, kind, path)})`)
    return
  }
  const check = out.import('checkPlainArray', context.runtime)
  const put = `this.${members.of(`${token.name}#put`)}`
  printWhole(scope, field, `${put}(${check}(${value}, '${kind}', '${path}'))`)
}

/** Writes an array or composite, or zeros where it may be absent and is. */
function printWhole(scope: ClassScope, { token, type }: FieldView, write: string): void {
  const { out, context } = scope
  if (token.version === 0) {
    out.line(write)
    return
  }
  const value = propertyOf(token.name)
  const zero = out.import('putZeros', context.runtime)
  out.line(
    `if (${value} === undefined || ${value} === null) ${zero}(this.#view, ${plus('this.#offset', token.offset)}, ${type.encodedLength})`,
  )
  out.line(`else ${write}`)
}
