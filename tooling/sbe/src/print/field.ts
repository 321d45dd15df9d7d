import type { FieldView } from '../ir/body-view.ts'
import { Signal } from '../ir/signal.ts'
import type { Encoding } from '../ir/encoding.ts'
import type { Token } from '../ir/token.ts'
import { printArrayGetter, printArraySetter } from './array.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf } from './context.ts'
import { deprecation, enumDecodeName, enumMember, enumName, enumNullName } from './enum.ts'
import { printAbsent, wireDoc } from './field-parts.ts'
import { constantName, pascalName } from './names.ts'
import {
  literal,
  plus,
  readScalar,
  scalarType,
  stringLiteral,
  writeScalar,
  writeUnchecked,
} from './primitive.ts'
import type { Scalar } from './primitive.ts'

/** A composite member seen as a field, so that both are printed alike. */
export function fieldOfMember(member: Token): FieldView {
  return { token: member, type: member }
}

/** Prints the constants of a field: its null value, and the minimum and maximum that the schema says. */
export function printFieldConstants(scope: ClassScope, field: FieldView): void {
  const { encoding } = field.type
  if (encoding === undefined || field.type.signal !== Signal.ENCODING || encoding.presence === 'constant')
    return
  const asNumber = isNumber(scope, field)
  const type = scalarType(encoding, asNumber)
  const name = constantName(field.token.name)
  const print = (suffix: string, what: string, value: Encoding['minValue']): void => {
    if (value === undefined) return
    scope.out.doc(`${what} of ${field.token.name}.`)
    scope.out.line(`static readonly ${name}_${suffix}: ${type} = ${literal(value, asNumber)}`)
  }
  if (hasNull(field)) print('NULL', 'The value that says there is none,', encoding.nullValue)
  print('MIN', 'The least value', encoding.minValue)
  print('MAX', 'The greatest value', encoding.maxValue)
}

/** Prints the getters of a field. */
export function printFieldGetter(scope: ClassScope, field: FieldView): void {
  const { type } = field
  if (type.signal === Signal.BEGIN_ENUM) printEnumGetter(scope, field)
  else if (type.signal === Signal.BEGIN_SET) printSetGetter(scope, field)
  else if (type.signal === Signal.BEGIN_COMPOSITE) printCompositeGetter(scope, field)
  else if (type.signal !== Signal.ENCODING) throw unknownType(field)
  else if (type.encoding?.presence === 'constant') printConstant(scope, field)
  else if (type.arrayLength > 1) printArrayGetter(scope, field)
  else printScalarGetter(scope, field)
}

/** Prints the setters of a field; a constant has none. */
export function printFieldSetter(scope: ClassScope, field: FieldView): void {
  const { type } = field
  if (type.encoding?.presence === 'constant') return
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

function hasNull(field: FieldView): boolean {
  return (
    (field.type.encoding?.presence === 'optional' || field.token.version > 0) && field.type.arrayLength === 1
  )
}

function isNumber(scope: ClassScope, field: FieldView): boolean {
  return scope.context.isNumberField(scope.owner, field.token.name)
}

function scalarOf(scope: ClassScope, field: FieldView, encoding: Encoding): Scalar {
  return {
    encoding,
    at: plus('this.#offset', field.token.offset),
    asNumber: isNumber(scope, field),
    name: `${scope.owner}.${field.token.name}`,
  }
}

function encodingOf(field: FieldView): Encoding {
  const { encoding } = field.type
  if (encoding === undefined) throw new Error(`Cannot print field "${field.token.name}": it has no encoding`)
  return encoding
}

function printScalarGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members, className } = scope
  const encoding = encodingOf(field)
  const scalar = scalarOf(scope, field, encoding)
  const nullName = `${className}.${constantName(field.token.name)}_NULL`
  const ofNull = hasNull(field) ? `${nullName} where it is absent.` : ''
  out.line()
  out.doc(
    field.token.description,
    [ofNull, wireDoc(field)].filter((text) => text !== '').join(' '),
    deprecation(field.token),
  )
  const member = members.own(field.token.name, field.token.line)
  out.block(`get ${member}(): ${scalarType(encoding, scalar.asNumber)} {`, () => {
    printAbsent(scope, field, nullName)
    out.line(`return ${readScalar(out, context, scalar)}`)
  })
}

function printScalarSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const encoding = encodingOf(field)
  const scalar = scalarOf(scope, field, encoding)
  out.line()
  out.doc(field.token.description, wireDoc(field), deprecation(field.token))
  const member = members.own(field.token.name, field.token.line)
  out.block(`${member}(value: ${scalarType(encoding, scalar.asNumber)}): this {`, () => {
    out.line(writeScalar(out, context, scalar, 'value'))
    out.line('return this')
  })
}

function printConstant(scope: ClassScope, field: FieldView): void {
  const { constant } = encodingOf(field)
  if (constant === undefined) throw new Error(`Cannot print field "${field.token.name}": it has no constant`)
  const text =
    typeof constant === 'string' ? stringLiteral(constant) : literal(constant, isNumber(scope, field))
  const type = typeof constant === 'string' ? 'string' : scalarType(encodingOf(field), isNumber(scope, field))
  const member = scope.members.own(field.token.name, field.token.line)
  scope.out.line()
  scope.out.doc(
    field.token.description,
    'A constant of the schema: it is not on the wire.',
    deprecation(field.token),
  )
  scope.out.block(`get ${member}(): ${type} {`, () => scope.out.line(`return ${text}`))
}

function printEnumGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const encoding = encodingOf(field)
  const name = enumName(type)
  const from = specifierOf(name, context)
  out.importType(name, from)
  const member = members.own(token.name, token.line)
  out.line()
  if (
    encoding.presence === 'constant' &&
    encoding.constant !== undefined &&
    typeof encoding.constant !== 'string'
  ) {
    out.doc(token.description, 'A constant of the schema: it is not on the wire.', deprecation(token))
    const constant = enumMember(encoding.constant, encoding.primitiveType === 'char')
    out.block(`get ${member}(): ${name} {`, () => out.line(`return ${constant}`))
    return
  }
  const raw = members.derived(`${member}Raw`, token.name, token.line)
  out.doc(
    token.description,
    `Undefined where it is null, absent or unknown; ${raw} tells. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`get ${member}(): ${name} | undefined {`, () => {
    out.line(`return ${out.import(enumDecodeName(type), from)}(this.${raw})`)
  })
  out.line()
  out.doc(`The value of ${member} on the wire; ${enumNullName(type)} where it is null or absent.`)
  out.block(`get ${raw}(): number {`, () => {
    if (token.version > 0) printAbsent(scope, field, out.import(enumNullName(type), from))
    out.line(`return ${readScalar(out, context, scalarOf(scope, field, encoding))}`)
  })
}

function printEnumSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const encoding = encodingOf(field)
  const name = enumName(type)
  const nullValue = literal(encoding.nullValue)
  const wire =
    encoding.primitiveType === 'char'
      ? `value === undefined ? ${nullValue} : value.charCodeAt(0)`
      : `value ?? ${nullValue}`
  const member = members.own(token.name, token.line)
  out.line()
  out.doc(token.description, `Undefined writes the null value. ${wireDoc(field)}`, deprecation(token))
  out.block(
    `${member}(value: ${out.importType(name, specifierOf(name, context))} | undefined): this {`,
    () => {
      out.line(writeUnchecked(encoding, plus('this.#offset', token.offset), wire))
      out.line('return this')
    },
  )
}

function printSetGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token } = field
  const encoding = encodingOf(field)
  const type = scalarType(encoding, false)
  const member = members.own(token.name, token.line)
  out.line()
  out.doc(
    token.description,
    `Bits of ${pascalName(field.type.typeName)}; none where it is absent. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`get ${member}(): ${type} {`, () => {
    printAbsent(scope, field, type === 'bigint' ? '0n' : '0')
    out.line(`return ${readScalar(out, context, { ...scalarOf(scope, field, encoding), asNumber: false })}`)
  })
}

function printSetSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token } = field
  const encoding = encodingOf(field)
  const scalar = { ...scalarOf(scope, field, encoding), asNumber: false }
  const member = members.own(token.name, token.line)
  out.line()
  out.doc(
    token.description,
    `Bits of ${pascalName(field.type.typeName)}. ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`${member}(value: ${scalarType(encoding, false)}): this {`, () => {
    // JavaScript gives a negative number where bit 31 is among those joined with |.
    const value = encoding.primitiveType === 'uint32' ? '(value < 0 ? value >>> 0 : value)' : 'value'
    out.line(writeScalar(out, context, scalar, value))
    out.line('return this')
  })
}

function printCompositeGetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const name = `${pascalName(type.typeName)}Decoder`
  out.import(name, specifierOf(name, context))
  const member = members.own(token.name, token.line)
  const absent = token.version > 0 ? ' | undefined' : ''
  out.line()
  out.line(`readonly #${member}Flyweight: ${name} = new ${name}()`)
  out.line()
  out.doc(
    token.description,
    `The same decoder each time, moved here.${absent === '' ? '' : ' Undefined where it is absent.'} ${wireDoc(field)}`,
    deprecation(token),
  )
  out.block(`get ${member}(): ${name}${absent} {`, () => {
    printAbsent(scope, field, 'undefined')
    const at = plus('this.#offset', token.offset)
    out.line(`return this.#${member}Flyweight.wrap(this.#buffer, ${at}, this.#actingVersion)`)
  })
}

function printCompositeSetter(scope: ClassScope, field: FieldView): void {
  const { out, context, members } = scope
  const { token, type } = field
  const name = `${pascalName(type.typeName)}Encoder`
  out.import(name, specifierOf(name, context))
  const member = members.own(token.name, token.line)
  out.line()
  out.line(`readonly #${member}Flyweight: ${name} = new ${name}()`)
  out.line()
  out.doc(token.description, `The same encoder each time, moved here. ${wireDoc(field)}`, deprecation(token))
  out.block(`${member}(): ${name} {`, () => {
    out.line(`return this.#${member}Flyweight.wrap(this.#buffer, ${plus('this.#offset', token.offset)})`)
  })
}
