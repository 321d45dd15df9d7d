export { checkAccess, checkEntriesRead, checkReadOrder, checkTailRead } from './access-order.ts'
export { arrayOf, checkedSource, checkTarget, entriesOf, putZeros, undefinedIfNull } from './arrays.ts'
export type { WritableArray } from './arrays.ts'
export {
  checkBlockLength,
  checkedEnd,
  checkGroup,
  checkGroupHeader,
  checkIndex,
  checkRoom,
  lengthBehindHeader,
} from './bounds.ts'
export type { BlockLengths } from './bounds.ts'
export { checkComplete, checkEntries, checkNext, checkOrder, checkTail, EncodeLimit } from './encode-order.ts'
export {
  checkBigint,
  checkInteger,
  getInt64AsNumber,
  getUint64AsNumber,
  INT64_NULL_NUMBER,
  putInt64FromNumber,
  putUint64FromNumber,
} from './integers.ts'
export { arrayJson, bytesJson, entriesJson, enumJson, jsonText, setJson, valueJson } from './json.ts'
export type { Json } from './json.ts'
export { bytesAt, bytesOf, EMPTY_VIEW, viewOf } from './sbe-buffer.ts'
export type { SbeBuffer } from './sbe-buffer.ts'
export { checkHeader, SchemaMismatchError } from './schema-mismatch-error.ts'
export { getFixedText, getText, putFixedText } from './text.ts'
export type { TextEncoding } from './text.ts'
export {
  copyVarData,
  getLength64,
  putVarBytes,
  putVarText,
  uncheckedVarDataEnd,
  uncheckedVarDataLength,
  varDataEnd,
  varDataLength,
} from './var-data.ts'
export type { LengthWidth } from './var-data.ts'
