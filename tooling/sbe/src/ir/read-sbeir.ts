import { MAX_NESTING } from '../parse/nesting.ts'
import { SchemaError } from '../parse/schema-error.ts'
import { viewMessage } from './body-view.ts'
import { ByteReader } from './byte-reader.ts'
import {
  FRAME_LENGTH,
  IR_VERSION,
  PRESENCES,
  PRIMITIVE_CODES,
  SIGNALS,
  TOKEN_LENGTH,
} from './sbeir-format.ts'
import { finishTokens, type RawToken } from './sbeir-token.ts'
import { Signal } from './signal.ts'
import type { Ir, Token } from './token.ts'
import { usedTypes } from './used-types.ts'

/** Whether bytes are an IR file: the upper half of the version of its format is zero, which no text has. */
export function isSbeir(bytes: Uint8Array): boolean {
  return bytes[6] === 0 && bytes[7] === 0
}

/**
 * Reads an IR file (`.sbeir`) of the reference tool. It knows less than the schema: no description of the schema, no types
 * that nothing uses, no version of numbers in composites.
 *
 * @param file name of the file, for the errors
 * @throws SchemaError where the bytes are not an IR file, or not a whole one
 */
export function readSbeir(bytes: Uint8Array, file: string): Ir {
  const fail = (message: string): never => {
    throw new SchemaError([{ file, line: 0, message: `Cannot read the IR file: ${message}` }])
  }
  const reader = new ByteReader(bytes, fail)
  const frame = reader.fields(FRAME_LENGTH)
  const irVersion = frame.getInt32(4, true)
  if (irVersion !== IR_VERSION) {
    fail(`its format is version ${irVersion}, and ${IR_VERSION} is known; write it with SBE's own tool again`)
  }
  const packageName = reader.text()
  const [namespace, semanticVersion] = [reader.text(), reader.text()]
  const raw: RawToken[] = []
  while (!reader.isAtEnd) raw.push(readToken(reader, fail))
  const parts = split(raw, fail)
  const littleEndian = raw.find(({ signal }) => signal === Signal.ENCODING)?.bigEndian !== true
  const [header, ...messages] = parts.map((part) => finishTokens(part, littleEndian))
  if (header?.[0]?.signal !== Signal.BEGIN_COMPOSITE) {
    return fail(`it does not begin with the message header; write it with SBE's own tool again`)
  }
  checkTokens([header, ...messages], fail)
  return {
    file: file.replace(/^.*[\\/]/, ''),
    package: packageName,
    namespace: namespace === '' ? undefined : namespace,
    id: frame.getInt32(0, true),
    version: frame.getInt32(8, true),
    semanticVersion: semanticVersion === '' ? undefined : semanticVersion,
    description: '',
    littleEndian,
    header,
    types: usedTypes([header, ...messages]),
    messages,
  }
}

/** Finds what damaged bytes left out, before a printer or decoder misses it. */
function checkTokens(parts: readonly (readonly Token[])[], fail: (message: string) => never): void {
  for (const tokens of parts) {
    const odd = tokens.find((token) => !isWhole(token))
    if (odd !== undefined) fail(`"${odd.name}" has no type or value; write it with SBE's own tool again`)
    if (tokens[0]?.signal !== Signal.BEGIN_MESSAGE) continue
    try {
      viewMessage(tokens)
    } catch (error) {
      fail(`${(error as Error).message} in "${tokens[0].name}"; write it with SBE's own tool again`)
    }
  }
}

function isWhole({ signal, encoding, arrayLength }: Token): boolean {
  if (signal === Signal.ENCODING) return encoding !== undefined && Number.isInteger(arrayLength)
  if (signal === Signal.BEGIN_ENUM || signal === Signal.BEGIN_SET) return encoding !== undefined
  if (signal !== Signal.VALID_VALUE && signal !== Signal.CHOICE) return true
  return encoding?.constant !== undefined && typeof encoding.constant !== 'string'
}

function readToken(reader: ByteReader, fail: (message: string) => never): RawToken {
  const at = reader.offset
  const fields = reader.fields(TOKEN_LENGTH)
  const signal = SIGNALS[fields.getUint8(20)]
  const presence = PRESENCES[fields.getUint8(23)] ?? 'required'
  const typeCode = fields.getUint8(21)
  if (signal === undefined || typeCode >= PRIMITIVE_CODES.length) {
    return fail(
      `the token at byte ${at} has a signal or type that is none; write it with SBE's own tool again`,
    )
  }
  const text = (): string | undefined => {
    const value = reader.text()
    return value === '' ? undefined : value
  }
  const name = reader.text()
  const [constant, min, max, nullValue] = [reader.data(), reader.data(), reader.data(), reader.data()]
  const [characterEncoding, epoch, timeUnit, semanticType] = [text(), text(), text(), text()]
  const [description, referencedName, packageName] = [text(), text(), text()]
  const deprecated = fields.getInt32(24, true)
  return {
    signal,
    name,
    offset: fields.getInt32(0, true),
    encodedLength: fields.getInt32(4, true),
    id: fields.getInt32(8, true),
    version: fields.getInt32(12, true),
    primitiveType: PRIMITIVE_CODES[typeCode],
    bigEndian: fields.getUint8(22) === 1,
    presence,
    deprecated: deprecated === 0 ? undefined : deprecated,
    constant,
    min,
    max,
    nullValue,
    characterEncoding,
    epoch,
    timeUnit,
    semanticType,
    referencedName,
    packageName,
    description: description ?? '',
  }
}

/** The tokens of the header and of each message, with what nests closed in order. */
function split(tokens: readonly RawToken[], fail: (message: string) => never): RawToken[][] {
  const parts: RawToken[][] = []
  const open: string[] = []
  for (const token of tokens) {
    if (open.length === 0) parts.push([])
    parts.at(-1)?.push(token)
    if (open.length > MAX_NESTING) {
      fail(`"${token.name}" is inside of more than ${MAX_NESTING} others; nest less deeply in the schema`)
    }
    if (token.signal.startsWith('BEGIN_')) open.push(token.signal.slice('BEGIN_'.length))
    else if (token.signal.startsWith('END_') && open.pop() !== token.signal.slice('END_'.length)) {
      fail(`its tokens do not nest at "${token.name}"; write it with SBE's own tool again`)
    }
  }
  if (open.length > 0) fail('it ends inside a message; it is cut short, so copy it again')
  return parts
}
