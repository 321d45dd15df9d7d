export {
  checkBlockLength,
  checkedEnd,
  checkedGroup,
  checkGroupHeader,
  checkIndex,
  checkRoom,
} from './bounds.ts'
export type { BlockLengths } from './bounds.ts'
export { checkEntries, checkNext, checkOrder, checkTail, EncodeLimit } from './encode-order.ts'
export {
  checkBigint,
  checkInteger,
  getInt64AsNumber,
  getUint64AsNumber,
  INT64_NULL_NUMBER,
  putInt64FromNumber,
  putUint64FromNumber,
} from './integers.ts'
export { bytesOf, EMPTY_VIEW, viewOf } from './sbe-buffer.ts'
export type { SbeBuffer } from './sbe-buffer.ts'
export { checkHeader, SchemaMismatchError } from './schema-mismatch-error.ts'
export { getFixedText, getText, putFixedText } from './text.ts'
export type { TextEncoding } from './text.ts'
export { copyVarData, putVarBytes, putVarText, varDataEnd, varDataLength } from './var-data.ts'
export type { LengthWidth } from './var-data.ts'
