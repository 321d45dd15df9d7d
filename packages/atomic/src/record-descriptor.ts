/*
 * Header of a record, the same in ring buffers and broadcast buffers. Protocol: Agrona's ringbuffer and broadcast `RecordDescriptor`.
 *
 *    0         4         8
 *   +---------+---------+-------------------- - -
 *   | length  | type id | body, padded to 8 ...
 *   +---------+---------+-------------------- - -
 *
 * Length: header and body in bytes, without the padding; in a ring buffer negative while the record is claimed but not committed.
 */
import { SIZE_OF_INT32 } from './bit-util.ts'

/** Where the record's length is, from its start, in bytes. */
export const LENGTH_OFFSET = 0
/** Where the record's message type id is, from its start, in bytes. */
export const TYPE_OFFSET: number = LENGTH_OFFSET + SIZE_OF_INT32
/** Bytes before the body. */
export const HEADER_LENGTH: number = TYPE_OFFSET + SIZE_OF_INT32
/** Records start at multiples of this. */
export const RECORD_ALIGNMENT: number = 2 * SIZE_OF_INT32
/** Type id of a record that only fills space; readers skip it. */
export const PADDING_TYPE_ID = -1

/** @throws RangeError when `typeId` cannot be a message's: those are 1 and up */
export function checkTypeId(typeId: number): void {
  if (!(typeId >= 1)) {
    throw new RangeError(`Cannot write a message: type id must be at least 1, current value is ${typeId}`)
  }
}

/** @throws RangeError when `length` is negative, or above what fits one record */
export function checkMessageLength(length: number, maxMessageLength: number): void {
  if (!(length >= 0 && length <= maxMessageLength)) {
    throw new RangeError(
      `Cannot write a message: length must be from 0 to ${maxMessageLength}, current value is ${length}`,
    )
  }
}
