// For the packages of this repository: no part of the public API, and outside of semantic versioning.
export { alignFrame, HDR_TYPE_PAD, HEADER_LENGTH, TYPE_OFFSET } from '../logbuffer/frame-descriptor.ts'
export {
  ACTIVE_TERM_COUNT_OFFSET,
  END_OF_STREAM_POSITION_OFFSET,
  INITIAL_TERM_ID_OFFSET,
  IS_CONNECTED_OFFSET,
  LOG_META_DATA_LENGTH,
  MTU_LENGTH_OFFSET,
  OPEN_END_OF_STREAM,
  PAGE_MIN_SIZE,
  PAGE_SIZE_OFFSET,
  PARTITION_COUNT,
  rawTailOffset,
  TERM_LENGTH_OFFSET,
} from '../logbuffer/log-buffer-descriptor.ts'
export { indexByTermCount, packTail } from '../logbuffer/log-buffer-position.ts'
export { tryAddDestination } from '../subscription/try-add-destination.ts'
export { parseDurationNs, parseSize } from '../channel/uri-suffixes.ts'
export { importWorkerModule } from '../worker/import-worker-module.ts'
export { startPackageThread } from '../worker/package-thread.ts'
