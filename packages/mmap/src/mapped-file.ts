import { LibcError, type Libc } from './libc.ts'
import { MmapError } from './mmap-error.ts'

/** An address range to give back. */
interface Mapping {
  readonly libc: Libc
  readonly address: bigint
  readonly length: number
}

// Unmaps when the memory object has been collected, that is when no view can touch the addresses any more. This also covers a mapping that
// nobody closed. One registry for all: it holds no state of any of them but what it must give back.
const unmapper = new FinalizationRegistry<Mapping>(({ libc, address, length }) => {
  try {
    libc.unmap(address, length)
  } catch {
    // Nobody is there to hear of it, and what is lost is a range of addresses.
  }
})

/**
 * A file, or part of one, in memory.
 *
 * It stays safe to touch after {@link close}: late reads give zeros and late writes vanish. The addresses are given back once no view of
 * {@link memory} is left. Make one with `mapExistingFile` or `mapNewFile`.
 */
export class MappedFile implements Disposable {
  /** The file, as it was named when mapped. */
  readonly path: string
  /** Mapped bytes. */
  readonly length: number
  /** The mapped bytes; all views of them must be made from this object. */
  readonly memory: ArrayBuffer

  readonly #libc: Libc
  readonly #address: bigint
  #isClosed = false

  /** @internal Takes over the mapping at `address`: unmaps it when the memory has been collected. */
  constructor(libc: Libc, path: string, address: bigint, length: number) {
    this.path = path
    this.length = length
    this.#libc = libc
    this.#address = address
    this.memory = libc.view(address, length)
    unmapper.register(this.memory, { libc, address, length })
  }

  /** Whether {@link close} has been called. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Writes changed bytes to the file's device and waits for it. Other processes see changes without this.
   *
   * @throws MmapError when the file is closed, or with the system's reason
   */
  sync(): void {
    if (this.#isClosed) {
      throw new MmapError('CLOSED', this.path, `Cannot sync "${this.path}": the mapping is closed`)
    }
    this.#attempt('sync', () => this.#libc.sync(this.#address, this.length))
  }

  /**
   * Lets go of the file and its memory at once; the addresses stay valid, as zeros, for as long as a view of them is left.
   * Closing twice is quiet.
   *
   * @throws MmapError with the system's reason; the mapping is then still open
   */
  close(): void {
    if (this.#isClosed) return
    this.#attempt('close', () => this.#libc.coverWithZeroPages(this.#address, this.length))
    this.#isClosed = true
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #attempt(action: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      if (!(error instanceof LibcError)) throw error
      throw new MmapError(error.code, this.path, `Cannot ${action} "${this.path}": ${error.message}`, {
        cause: error,
      })
    }
  }
}
