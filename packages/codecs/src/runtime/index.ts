export { checkAccess, checkEntriesRead, checkReadOrder, checkTailRead } from './access-order.ts'
export {
  arrayOf,
  checkedSource,
  checkTarget,
  entriesOf,
  ownProperty,
  putZeros,
  undefinedIfNull,
} from './arrays.ts'
export type { WritableArray } from './arrays.ts'
export {
  blockLengthAt,
  checkBlockLength,
  checkedEnd,
  checkEntry,
  checkGroup,
  checkGroupHeader,
  checkIndex,
  checkRoom,
  lengthBehindHeader,
} from './bounds.ts'
export type { BlockLengths } from './bounds.ts'
export { checkComplete, checkEntries, checkNext, checkOrder, checkTail, EncodeLimit } from './encode-order.ts'
export {
  checkBigInt64,
  checkBigUint64,
  checkInt16,
  checkInt32,
  checkInt8,
  checkInteger,
  checkUint16,
  checkUint32,
  checkUint8,
} from './integers.ts'
export { arrayJson, bytesJson, entriesJson, enumJson, jsonText, setJson, valueJson } from './json.ts'
export type { Json } from './json.ts'
export { checkPlain, checkPlainArray, checkPlainEnum } from './plain-objects.ts'
export type { PlainKind } from './plain-objects.ts'
export {
  getInt64AsNumberBe,
  getInt64AsNumberLe,
  getUint64AsNumberBe,
  getUint64AsNumberLe,
  INT64_NULL_NUMBER,
  putInt64FromNumberBe,
  putInt64FromNumberLe,
  putUint64FromNumberBe,
  putUint64FromNumberLe,
} from './safe-integers.ts'
export { bytesAt, bytesOf, EMPTY_VIEW, NOWHERE, viewOf } from './sbe-buffer.ts'
export type { SbeBuffer } from './sbe-buffer.ts'
export {
  getBigInt64Be,
  getBigInt64Le,
  getBigUint64Be,
  getBigUint64Le,
  getFloat32Be,
  getFloat32Le,
  getFloat64Be,
  getFloat64Le,
  getInt16Be,
  getInt16Le,
  getInt32Be,
  getInt32Le,
  getUint16Be,
  getUint16Le,
  getUint32Be,
  getUint32Le,
} from './scalars.ts'
export { checkHeader, SchemaMismatchError } from './schema-mismatch-error.ts'
export { getAscii, getFixedText, getText, getUtf8, putFixedText } from './text.ts'
export type { TextEncoding } from './text.ts'
export {
  copyVarData,
  getLength64,
  putLength64,
  putVarAscii,
  putVarBytes,
  putVarText,
  putVarUtf8,
  varDataEnd16Be,
  varDataEnd16Le,
  varDataEnd32Be,
  varDataEnd32Le,
  varDataEnd64,
  varDataEnd8,
} from './var-data.ts'
