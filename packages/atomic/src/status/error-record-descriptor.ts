/*
 * A record of a distinct error log; records start at multiples of 8. Protocol: Agrona's `DistinctErrorLog`.
 *
 *     0  int32  length of the record, header included; 0 ends the log
 *     4  int32  how often it was observed
 *     8  int64  last observation, milliseconds since the epoch
 *    16  int64  first observation, milliseconds since the epoch
 *    24  text, UTF-8
 */
import { SIZE_OF_INT32, SIZE_OF_INT64 } from '../bit-util.ts'

/** Where the record's length is. */
export const LENGTH_OFFSET = 0
/** Where the count of observations is. */
export const OBSERVATION_COUNT_OFFSET: number = LENGTH_OFFSET + SIZE_OF_INT32
/** Where the time of the last observation is. */
export const LAST_OBSERVATION_TIMESTAMP_OFFSET: number = OBSERVATION_COUNT_OFFSET + SIZE_OF_INT32
/** Where the time of the first observation is. */
export const FIRST_OBSERVATION_TIMESTAMP_OFFSET: number = LAST_OBSERVATION_TIMESTAMP_OFFSET + SIZE_OF_INT64
/** Where the text is. */
export const ENCODED_ERROR_OFFSET: number = FIRST_OBSERVATION_TIMESTAMP_OFFSET + SIZE_OF_INT64
/** Records start at multiples of this. */
export const ERROR_RECORD_ALIGNMENT: number = SIZE_OF_INT64
