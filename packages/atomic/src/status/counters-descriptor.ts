/*
 * Layout of counters: a metadata record and a value record for each counter id. Protocol: Agrona's `CountersReader`.
 *
 * Metadata record, 512 bytes              Value record, 128 bytes
 *     0  int32  state                         0  int64  value
 *     4  int32  type id                       8  int64  registration id
 *     8  int64  free-for-reuse deadline, ms  16  int64  owner id
 *    16  key, 112 bytes                      24  int64  reference id
 *   128  int32  label length                 32  unused
 *   132  label, 380 bytes
 */
import { CACHE_LINE_LENGTH, SIZE_OF_INT32, SIZE_OF_INT64 } from '../bit-util.ts'

/** State of a metadata record that was never used; there is none in use behind it. */
export const RECORD_UNUSED = 0
/** State of a metadata record in use. */
export const RECORD_ALLOCATED = 1
/** State of a metadata record that was in use and may be again. */
export const RECORD_RECLAIMED = -1

/** Answer of a search that found no counter. */
export const NULL_COUNTER_ID = -1
/** Type id of counters that were given none. */
export const DEFAULT_TYPE_ID = 0
/** Registration id of counters that were given none, yet. */
export const DEFAULT_REGISTRATION_ID = 0n
/** Owner id of counters that were given none. */
export const DEFAULT_OWNER_ID = 0n
/** Reference id of counters that were given none. */
export const DEFAULT_REFERENCE_ID = 0n
/** Free-for-reuse deadline of a counter in use. */
export const NOT_FREE_TO_REUSE = 0x7fff_ffff_ffff_ffffn

/** Where the type id is in a metadata record. */
export const TYPE_ID_OFFSET: number = SIZE_OF_INT32
/** Where the free-for-reuse deadline is in a metadata record. */
export const FREE_FOR_REUSE_DEADLINE_OFFSET: number = TYPE_ID_OFFSET + SIZE_OF_INT32
/** Where the key is in a metadata record. */
export const KEY_OFFSET: number = FREE_FOR_REUSE_DEADLINE_OFFSET + SIZE_OF_INT64
/** Where the label's length is in a metadata record; its bytes follow. */
export const LABEL_OFFSET: number = 2 * CACHE_LINE_LENGTH
/** Where the label's bytes are in a metadata record. */
export const LABEL_TEXT_OFFSET: number = LABEL_OFFSET + SIZE_OF_INT32
/** Bytes of the key. */
export const MAX_KEY_LENGTH: number = LABEL_OFFSET - KEY_OFFSET
/** Bytes of a metadata record. */
export const METADATA_LENGTH: number = LABEL_OFFSET + 6 * CACHE_LINE_LENGTH
/** Bytes of the longest label. */
export const MAX_LABEL_LENGTH: number = METADATA_LENGTH - LABEL_TEXT_OFFSET

/** Where the registration id is in a value record. */
export const REGISTRATION_ID_OFFSET: number = SIZE_OF_INT64
/** Where the owner id is in a value record. */
export const OWNER_ID_OFFSET: number = REGISTRATION_ID_OFFSET + SIZE_OF_INT64
/** Where the reference id is in a value record. */
export const REFERENCE_ID_OFFSET: number = OWNER_ID_OFFSET + SIZE_OF_INT64
/** Bytes of a value record: two cache lines, so that no two counters share one. */
export const COUNTER_LENGTH: number = 2 * CACHE_LINE_LENGTH

/** Where the value record of a counter starts in the values buffer, in bytes. */
export function counterOffset(counterId: number): number {
  return counterId * COUNTER_LENGTH
}

/** Where the metadata record of a counter starts in the metadata buffer, in bytes. */
export function metadataOffset(counterId: number): number {
  return counterId * METADATA_LENGTH
}
