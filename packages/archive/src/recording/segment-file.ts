/**
 * Position in bytes at which the segment file with a given position begins: a position that `detachSegments` and `purgeSegments` accept. The first file begins with
 * the term that has the start position. Source: `io.aeron.archive.client.AeronArchive.segmentFileBasePosition`.
 *
 * @param startPosition position in bytes at which the recording begins
 * @param position a position of the recording, in bytes
 * @param termBufferLength length of a term of the recorded stream, in bytes
 * @param segmentFileLength length of a segment file of the recording, in bytes
 */
export function segmentFileBasePosition(
  startPosition: number,
  position: number,
  termBufferLength: number,
  segmentFileLength: number,
): number {
  const startTermBase = startPosition - (startPosition % termBufferLength)
  const sinceBase = position - startTermBase
  return startTermBase + (sinceBase - (sinceBase % segmentFileLength))
}
