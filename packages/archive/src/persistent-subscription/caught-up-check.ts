import { isArchiveError } from '../archive-error.ts'
import type { AeronArchive } from '../aeron-archive.ts'
import type { ArchiveRequest } from '../requests/archive-request.ts'

/**
 * Whether a replay is close enough to the end of its recording to add the live stream. The archive is asked again only when the replay has come to what it
 * said before. Source: Aeron's PersistentSubscription.
 */
export class CaughtUpCheck {
  readonly #archive: AeronArchive
  readonly #recordingId: bigint
  readonly #threshold: number
  #request: ArchiveRequest<number> | undefined = undefined
  #maxPosition = -1

  /** @param threshold bytes that the replay may be behind */
  constructor(archive: AeronArchive, recordingId: bigint, threshold: number) {
    this.#archive = archive
    this.#recordingId = recordingId
    this.#threshold = threshold
  }

  /**
   * @param position where the replay is
   * @throws ArchiveError when the archive does not tell the position of the recording
   */
  isCaughtUp(position: number): boolean {
    if (this.#request === undefined) {
      if (position >= this.#maxPosition && this.#archive.isConnected) {
        this.#request = this.#archive.getMaxRecordedPosition(this.#recordingId)
      }
      return false
    }
    if (!this.#request.poll()) return false
    const request = this.#request
    this.#request = undefined
    try {
      this.#maxPosition = request.result
    } catch (error) {
      if (!isArchiveError(error, 'RESPONSE_TIMEOUT') && !isArchiveError(error, 'NOT_CONNECTED')) throw error
      return false
    }
    return position >= this.#maxPosition - this.#threshold
  }
}
