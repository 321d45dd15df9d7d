export { AtomicCounter } from './atomic-counter.ts'
export {
  COUNTER_LENGTH,
  counterOffset,
  DEFAULT_OWNER_ID,
  DEFAULT_REFERENCE_ID,
  DEFAULT_REGISTRATION_ID,
  DEFAULT_TYPE_ID,
  FREE_FOR_REUSE_DEADLINE_OFFSET,
  KEY_OFFSET,
  LABEL_OFFSET,
  LABEL_TEXT_OFFSET,
  MAX_KEY_LENGTH,
  MAX_LABEL_LENGTH,
  METADATA_LENGTH,
  metadataOffset,
  NOT_FREE_TO_REUSE,
  NULL_COUNTER_ID,
  OWNER_ID_OFFSET,
  RECORD_ALLOCATED,
  RECORD_RECLAIMED,
  RECORD_UNUSED,
  REFERENCE_ID_OFFSET,
  REGISTRATION_ID_OFFSET,
  TYPE_ID_OFFSET,
} from './counters-descriptor.ts'
export { CountersManager } from './counters-manager.ts'
export { CountersReader } from './counters-reader.ts'
export { DistinctErrorLog } from './distinct-error-log.ts'
export { hasErrors, readErrorLog } from './error-log-reader.ts'
export { errorObservations } from './error-observations.ts'
export { Position } from './position.ts'
export type { CounterAllocation, CountersManagerOptions } from './counters-manager.ts'
export type { CounterConsumer } from './counters-reader.ts'
export type { ErrorConsumer } from './error-log-reader.ts'
export type { ErrorObservation } from './error-observations.ts'
export type { MillisecondClock } from './millisecond-clock.ts'
