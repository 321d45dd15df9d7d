import type { AtomicBuffer } from './atomic-buffer.ts'

/** Where the two words of a mark file are, in bytes from its start. */
export interface MarkFileLayout {
  /** Of the version, int32: 0 until the owner is ready. */
  readonly versionOffset: number
  /** Of the time of the owner's last sign of life, int64, in milliseconds since the epoch. */
  readonly timestampOffset: number
}

/**
 * The part of a file that says whether its owner lives, shared between processes: Agrona's `MarkFile`, over memory that the caller has mapped.
 * The owner writes what the file holds, then {@link signalReady}, then a timestamp now and then; others look whether it {@link isActive}.
 */
export class MarkFile {
  /** The memory of the file. */
  readonly buffer: AtomicBuffer
  readonly #versionOffset: number
  readonly #timestampOffset: number

  /** @throws RangeError when the words overlap, are misaligned, or lie outside the buffer */
  constructor(buffer: AtomicBuffer, layout: MarkFileLayout) {
    const { versionOffset, timestampOffset } = layout
    if (versionOffset < timestampOffset + 8 && timestampOffset < versionOffset + 4) {
      throw new RangeError(
        `Cannot use a mark file: version and timestamp must not overlap, current offsets are ${versionOffset} and ${timestampOffset}`,
      )
    }
    this.buffer = buffer
    this.#versionOffset = versionOffset
    this.#timestampOffset = timestampOffset
    // These check place and alignment.
    buffer.getInt32Acquire(versionOffset)
    buffer.getInt64Acquire(timestampOffset)
  }

  /** Version of the file, as `composeVersion` packs it; 0 until its owner is ready, and then all else in the file is there. */
  get version(): number {
    return this.buffer.getInt32Acquire(this.#versionOffset)
  }

  /** When the owner was last alive, in milliseconds since the epoch. */
  get timestampMs(): bigint {
    return this.buffer.getInt64Acquire(this.#timestampOffset)
  }

  /** Says that the owner is alive. Only the owner calls this. */
  updateTimestamp(timeMs: number): void {
    this.buffer.putInt64Release(this.#timestampOffset, BigInt(timeMs))
  }

  /** Says that all in the file is there. Only the owner calls this, as the last of its preparations. */
  signalReady(version: number): void {
    this.buffer.putInt32Release(this.#versionOffset, version)
  }

  /** Whether the owner is ready, and has been alive within `timeoutMs` before `nowMs`. */
  isActive(nowMs: number, timeoutMs: number): boolean {
    return this.version !== 0 && BigInt(nowMs) - this.timestampMs <= BigInt(timeoutMs)
  }
}
