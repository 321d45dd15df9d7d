import type { Aeron } from '@x/client'
import { AeronArchive } from '../aeron-archive.ts'
import type { AeronArchiveOptions } from '../aeron-archive-options.ts'
import type { AsyncConnect } from '../connect/async-connect.ts'

/** Pause in milliseconds after a connect that failed at once. Ours: so that an archive that refuses is not asked all the time. */
const RETRY_DELAY_MS = 100

/** An archive client that reconnects whenever the connection is lost. Source: Aeron's AsyncAeronArchive. */
export class ArchiveLink {
  readonly #aeron: Aeron
  readonly #options: AeronArchiveOptions
  readonly #onDisconnected: () => void
  readonly #onError: (error: Error) => void
  #connecting: AsyncConnect<AeronArchive> | undefined = undefined
  #archive: AeronArchive | undefined = undefined
  #nextConnectMs = 0
  #isClosed = false

  /** @param onDisconnected called when the connection to the archive is lost */
  constructor(
    aeron: Aeron,
    options: AeronArchiveOptions,
    onDisconnected: () => void,
    onError: (error: Error) => void,
  ) {
    this.#aeron = aeron
    this.#options = options
    this.#onDisconnected = onDisconnected
    this.#onError = onError
  }

  /** The archive, while it is connected. */
  get archive(): AeronArchive | undefined {
    return this.#archive?.isConnected === true ? this.#archive : undefined
  }

  /** One turn. Returns how much was done. */
  poll(): number {
    if (this.#isClosed) return 0
    const archive = this.#archive
    if (archive === undefined) return this.#connect()
    const work = archive.doWork()
    if (archive.isConnected) return work
    archive.close()
    this.#archive = undefined
    this.#onDisconnected()
    return work + 1
  }

  close(): void {
    this.#isClosed = true
    this.#connecting?.close()
    this.#archive?.close()
  }

  #connect(): number {
    const nowMs = performance.now()
    if (nowMs < this.#nextConnectMs) return 0
    try {
      this.#connecting ??= AeronArchive.asyncConnect({ ...this.#options, aeron: this.#aeron })
      const before = this.#connecting.state
      this.#archive = this.#connecting.poll()
      if (this.#archive !== undefined) this.#connecting = undefined
      return this.#connecting?.state === before ? 0 : 1
    } catch (error) {
      this.#connecting = undefined
      this.#nextConnectMs = nowMs + RETRY_DELAY_MS
      this.#onError(error as Error)
      return 1
    }
  }
}
