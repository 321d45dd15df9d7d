export { AtomicBuffer } from './atomic-buffer.ts'
export {
  align,
  CACHE_LINE_LENGTH,
  findNextPositivePowerOfTwo,
  isAligned,
  isPowerOfTwo,
  SIZE_OF_FLOAT32,
  SIZE_OF_FLOAT64,
  SIZE_OF_INT16,
  SIZE_OF_INT32,
  SIZE_OF_INT64,
  SIZE_OF_INT8,
} from './bit-util.ts'
export { copyFewWords, copyUnchecked } from './copy-bytes.ts'
export { ExpandableArrayBuffer } from './expandable-array-buffer.ts'
export { MarkFile } from './mark-file.ts'
export { fullFence } from './memory-fence.ts'
export { nameOf } from './name-of.ts'
export { loadAcquire, storeRelease } from './ordered-access.ts'
export {
  composeVersion,
  majorVersion,
  minorVersion,
  patchVersion,
  versionToString,
} from './semantic-version.ts'
export { byteLengthOf } from './typed-array.ts'
export type { MarkFileLayout } from './mark-file.ts'
