import { charsetNamed } from '../parse/character-encoding.ts'
import { PRIMITIVES, sizeOfPrimitive } from '../parse/primitives.ts'
import type { PrimitiveType, PrimitiveValue } from '../parse/primitives.ts'
import type { Presence } from '../parse/schema-model.ts'
import type { Encoding } from './encoding.ts'
import { Signal } from './signal.ts'
import type { Token } from './token.ts'

/** A token as an IR file has it. */
export interface RawToken {
  readonly signal: Signal
  readonly name: string
  readonly offset: number
  readonly encodedLength: number
  readonly id: number
  readonly version: number
  readonly primitiveType: PrimitiveType | undefined
  readonly bigEndian: boolean
  readonly presence: Presence
  readonly deprecated: number | undefined
  readonly constant: Uint8Array
  readonly min: Uint8Array
  readonly max: Uint8Array
  readonly nullValue: Uint8Array
  readonly characterEncoding: string | undefined
  readonly epoch: string | undefined
  readonly timeUnit: string | undefined
  readonly semanticType: string | undefined
  readonly description: string
  readonly referencedName: string | undefined
  readonly packageName: string | undefined
}

/** Gives the tokens of a header or message what the file says elsewhere: counts, type names, constants of enums. */
export function finishTokens(raw: readonly RawToken[], littleEndian: boolean): Token[] {
  const tokens: Token[] = []
  const open: number[] = []
  let field:
    | { readonly own: RawToken; readonly valueRef: string | undefined; readonly at: number }
    | undefined
  let enumNull: PrimitiveValue | undefined
  for (const [index, part] of raw.entries()) {
    if (part.signal === Signal.BEGIN_FIELD) {
      field = { own: part, valueRef: textOf(part.constant, 'UTF-8'), at: index }
    }
    const type = field?.at === index - 1 ? field : undefined
    if (part.signal === Signal.BEGIN_ENUM) enumNull = valueOf(part.primitiveType, part.nullValue)
    const isValue = part.signal === Signal.VALID_VALUE
    tokens.push(
      tokenOf(part, littleEndian, {
        ...(isValue ? { nullValue: enumNull } : {}),
        field: type?.own,
        parent: tokens[open.at(-1) ?? -1],
      }),
    )
    if (part.signal.startsWith('BEGIN_')) open.push(index)
    if (!part.signal.startsWith('END_')) continue
    const begin = open.pop() ?? index
    close(tokens, begin, { field: field?.at === begin - 1 ? field : undefined, raw })
    if (part.signal === Signal.END_FIELD) field = undefined
  }
  return tokens
}

interface Surroundings {
  readonly nullValue?: PrimitiveValue | undefined
  readonly field: RawToken | undefined
  readonly parent: Token | undefined
}

function tokenOf(part: RawToken, littleEndian: boolean, around: Surroundings): Token {
  const { signal, name, referencedName, packageName, id, version, deprecated, description } = part
  const { offset, timeUnit, epoch, semanticType } = part
  const isField = signal === Signal.BEGIN_FIELD || signal === Signal.END_FIELD
  const encoding = isField ? undefined : encodingOf(part, littleEndian, around)
  const isText = typeof encoding?.constant === 'string'
  const unit = encoding === undefined ? 1 : sizeOfPrimitive(encoding.primitiveType)
  const isArray = signal === Signal.ENCODING && encoding?.presence !== 'constant'
  return {
    signal,
    name,
    referencedName,
    packageName,
    id,
    version,
    sinceVersion: sinceVersionOf(part, around.parent),
    deprecated,
    description,
    offset,
    typeName: referencedName ?? name,
    encodedLength: part.encodedLength,
    arrayLength: isText ? part.constant.length : isArray ? Math.max(0, part.encodedLength) / unit : 1,
    componentTokenCount: 1,
    presence: isField ? part.presence : 'required',
    valueRef: isField ? textOf(part.constant, 'UTF-8') : undefined,
    semanticType,
    timeUnit,
    epoch,
    encoding,
    file: '',
    line: 0,
  }
}

// The version of a member is at least that of the composite: only a higher one is its own.
function sinceVersionOf({ version }: RawToken, parent: Token | undefined): number {
  return parent?.signal === Signal.BEGIN_COMPOSITE && version <= parent.version ? 0 : version
}

/** Fills in, at the END of a part, what only its inside tells. */
function close(
  tokens: Token[],
  begin: number,
  around: {
    readonly field: { readonly own: RawToken; readonly valueRef: string | undefined } | undefined
    readonly raw: readonly RawToken[]
  },
): void {
  const end = tokens.length - 1
  const first = tokens[begin] as Token
  const inner = tokens[begin + 1]
  let own: Partial<Token> = { componentTokenCount: end - begin + 1 }
  const isTyped = first.signal === Signal.BEGIN_FIELD || first.signal === Signal.BEGIN_VAR_DATA
  if (isTyped && inner !== undefined) own = { ...own, typeName: inner.typeName }
  if (first.signal === Signal.BEGIN_ENUM && around.field !== undefined && first.encoding !== undefined) {
    const { own: field, valueRef } = around.field
    const isConstant = field.presence === 'constant'
    const value = tokens
      .slice(begin, end)
      .find(({ signal, name }) => signal === Signal.VALID_VALUE && name === valueRef?.split('.')[1])
    const constant = isConstant ? value?.encoding?.constant : undefined
    const encoding = { ...first.encoding, presence: field.presence, constant }
    own = { ...own, encoding, encodedLength: isConstant ? 0 : first.encodedLength }
  }
  tokens[begin] = { ...first, ...own }
  tokens[end] = { ...(tokens[end] as Token), ...own }
}

function encodingOf(part: RawToken, littleEndian: boolean, around: Surroundings): Encoding | undefined {
  const { primitiveType, characterEncoding, presence, signal } = part
  if (primitiveType === undefined) return undefined
  const nullValue = valueOf(primitiveType, part.nullValue)
  return {
    presence,
    primitiveType,
    littleEndian,
    nullValue: around.nullValue ?? nullValue ?? PRIMITIVES[primitiveType].nullValue,
    declaredNullValue: signal === Signal.ENCODING ? nullValue : undefined,
    minValue: valueOf(primitiveType, part.min),
    maxValue: valueOf(primitiveType, part.max),
    constant: constantOf(part),
    characterEncoding,
  }
}

function constantOf(part: RawToken): PrimitiveValue | string | undefined {
  const { primitiveType, constant, signal } = part
  if (primitiveType === 'char' && constant.length > 1) {
    return textOf(constant, part.characterEncoding)?.replace(/\0+$/, '')
  }
  const value = valueOf(primitiveType, constant)
  return signal === Signal.CHOICE && value !== undefined ? Number(value) : value
}

function textOf(bytes: Uint8Array, characterEncoding: string | undefined): string | undefined {
  if (bytes.length === 0) return undefined
  const charset = charsetNamed(characterEncoding ?? 'UTF-8')
  if (charset === 'ascii' || charset === 'latin1') return String.fromCharCode(...bytes)
  const label =
    charset === 'utf16le' ? 'utf-16le' : charset === 'utf16be' || charset === 'utf16' ? 'utf-16be' : 'utf-8'
  return new TextDecoder(label).decode(bytes)
}

function valueOf(type: PrimitiveType | undefined, bytes: Uint8Array): PrimitiveValue | undefined {
  if (type === undefined || bytes.length < sizeOfPrimitive(type)) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  switch (type) {
    case 'char':
    case 'uint8':
      return view.getUint8(0)
    case 'int8':
      return view.getInt8(0)
    case 'int16':
      return view.getInt16(0, true)
    case 'uint16':
      return view.getUint16(0, true)
    case 'int32':
      return view.getInt32(0, true)
    case 'uint32':
      return view.getUint32(0, true)
    case 'int64':
      return view.getBigInt64(0, true)
    case 'uint64':
      return view.getBigUint64(0, true)
    case 'float':
      return view.getFloat32(0, true)
    case 'double':
      return view.getFloat64(0, true)
  }
}
