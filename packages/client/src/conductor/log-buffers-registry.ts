import { AeronError } from '../aeron-error.ts'
import { LogBuffers } from '../logbuffer/log-buffers.ts'

interface Shared {
  readonly logBuffers: LogBuffers
  references: number
}

interface Lingering {
  readonly logBuffers: LogBuffers
  readonly deadlineMs: number
}

/**
 * The mapped logs of a client, by the id of the command that made them, each mapped once however many publications and images use it.
 * After its last use a log stays mapped for a while, for handlers that are still reading it.
 */
export class LogBuffersRegistry {
  readonly #shared = new Map<bigint, Shared>()
  readonly #preTouch: boolean
  #lingering: Lingering[] = []

  /** @param preTouch whether to touch each page of a log when it is mapped */
  constructor(preTouch = false) {
    this.#preTouch = preTouch
  }

  /** Maps a log, or shares it. @throws AeronError `LOG_BUFFER_UNUSABLE` */
  acquire(registrationId: bigint, logFileName: string): LogBuffers {
    let shared = this.#shared.get(registrationId)
    if (shared === undefined) {
      shared = { logBuffers: open(registrationId, logFileName, this.#preTouch), references: 0 }
      this.#shared.set(registrationId, shared)
    }
    shared.references++
    return shared.logBuffers
  }

  /** Gives up one use of a log; after the last, it is unmapped at `deadlineMs`. */
  release(registrationId: bigint, deadlineMs: number): void {
    const shared = this.#shared.get(registrationId)
    if (shared === undefined || --shared.references > 0) return
    this.#shared.delete(registrationId)
    this.#lingering.push({ logBuffers: shared.logBuffers, deadlineMs })
  }

  /** Unmaps what has lingered long enough; gives how many. */
  onTick(nowMs: number): number {
    if (this.#lingering.length === 0) return 0
    const due = this.#lingering.filter(({ deadlineMs }) => deadlineMs <= nowMs)
    if (due.length === 0) return 0
    this.#lingering = this.#lingering.filter(({ deadlineMs }) => deadlineMs > nowMs)
    for (const { logBuffers } of due) logBuffers.close()
    return due.length
  }

  /** Unmaps everything; logs with open claims follow when those are settled. */
  close(): void {
    for (const { logBuffers } of this.#shared.values()) logBuffers.close()
    for (const { logBuffers } of this.#lingering) logBuffers.close()
    this.#shared.clear()
    this.#lingering = []
  }
}

function open(registrationId: bigint, logFileName: string, preTouch: boolean): LogBuffers {
  try {
    return new LogBuffers(logFileName, preTouch)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new AeronError(
      'LOG_BUFFER_UNUSABLE',
      `Cannot map the log of registration ${registrationId}: ${reason}`,
      { registrationId, logFileName },
      { cause: error },
    )
  }
}
