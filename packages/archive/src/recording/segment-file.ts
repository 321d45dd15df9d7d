/**
 * Position in bytes at which the file begins that holds a position of a recording: where `detachSegments` and `purgeSegments` may cut. Files begin on terms,
 * the first on that of the start position. Source: Aeron's `AeronArchive.segmentFileBasePosition`.
 *
 * @param startPosition where the recording begins
 * @param position a position of it
 * @param termBufferLength length of the terms of the recorded stream, in bytes
 * @param segmentFileLength length of the files of the recording, in bytes
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
