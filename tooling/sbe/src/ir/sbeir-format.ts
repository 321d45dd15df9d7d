import type { PrimitiveType } from '../parse/primitives.ts'
import type { Presence } from '../parse/schema-model.ts'
import { Signal } from './signal.ts'

// Protocol: the IR files of the reference tool, as its schema sbe-ir.xml lays them out (id 1, version 0): a frame, then one
// record for each token, all without message headers, little endian, strings behind a uint16 length.

/** Bytes of the fields of a frame: irId, irVersion, schemaVersion. */
export const FRAME_LENGTH = 12
/** Bytes of the fields of a token: five int32, four codes of a byte, the version that deprecated it. */
export const TOKEN_LENGTH = 28
/** The only version of the format. */
export const IR_VERSION = 0

/** The signals by their code; code 0 is none. */
export const SIGNALS: readonly (Signal | undefined)[] = [
  undefined,
  Signal.BEGIN_MESSAGE,
  Signal.END_MESSAGE,
  Signal.BEGIN_COMPOSITE,
  Signal.END_COMPOSITE,
  Signal.BEGIN_FIELD,
  Signal.END_FIELD,
  Signal.BEGIN_GROUP,
  Signal.END_GROUP,
  Signal.BEGIN_ENUM,
  Signal.VALID_VALUE,
  Signal.END_ENUM,
  Signal.BEGIN_SET,
  Signal.CHOICE,
  Signal.END_SET,
  Signal.BEGIN_VAR_DATA,
  Signal.END_VAR_DATA,
  Signal.ENCODING,
]

/** The primitive types by their code; code 0 is none. */
export const PRIMITIVE_CODES: readonly (PrimitiveType | undefined)[] = [
  undefined,
  'char',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'float',
  'double',
]

/** The presences by their code. */
export const PRESENCES: readonly Presence[] = ['required', 'optional', 'constant']
