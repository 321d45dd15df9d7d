import { PARTITION_COUNT } from './log-buffer-descriptor.ts'

/** Terms since the start of the stream; term ids are int32 and wrap. Source of this file: Aeron's `LogBufferDescriptor`. */
export function computeTermCount(termId: number, initialTermId: number): number {
  return (termId - initialTermId) | 0
}

/** The term that follows, wrapping at 32 bits. */
export function nextTermId(termId: number): number {
  return (termId + 1) | 0
}

/** Place in the stream of an offset in a term, in bytes. */
export function computePosition(
  termId: number,
  termOffset: number,
  termLength: number,
  initialTermId: number,
): number {
  return computeTermCount(termId, initialTermId) * termLength + termOffset
}

/** Partition that holds a term. */
export function indexByTermCount(termCount: number): number {
  return termCount % PARTITION_COUNT
}

/** Id of the term that holds a position. */
export function computeTermIdFromPosition(
  position: number,
  termLength: number,
  initialTermId: number,
): number {
  return (Math.floor(position / termLength) + initialTermId) | 0
}

/** Term id of a raw tail. */
export function termIdOfRawTail(rawTail: bigint): number {
  return Number(rawTail >> 32n)
}

/** Term offset of a raw tail; contenders that found no room have pushed it past the end, so it is cut there. */
export function termOffsetOfRawTail(rawTail: bigint, termLength: number): number {
  return Math.min(Number(BigInt.asUintN(32, rawTail)), termLength)
}

/** A raw tail from its term id and offset. */
export function packTail(termId: number, termOffset: number): bigint {
  return (BigInt(termId) << 32n) | BigInt(termOffset)
}

/** First position that a stream cannot reach. A power of two, so exact even where it is not a safe integer. */
export function computeMaxPossiblePosition(termLength: number): number {
  return termLength * 2 ** 31
}
