import { ADMIN_ACTION, publicationResultName, type ExclusivePublication } from '@x/client'
import { alignFrame, HEADER_LENGTH } from '@x/client/internal'
import { copyFrames } from './copy-frames.ts'
import { LogEntries, type FramedEntry } from './log-entry.ts'
import { MemoryStream, type MemoryStreamOptions } from './memory-stream.ts'
import { PublicationScript } from './publication-script.ts'

/** Writes entries as the leader's publication of the log would, and gives the frames that they take. */
export class LogScribe {
  readonly #stream: MemoryStream
  readonly #publication: ExclusivePublication
  readonly #entries = new LogEntries()

  constructor(options: MemoryStreamOptions) {
    this.#stream = new MemoryStream(options)
    this.#publication = this.#stream.exclusive(new PublicationScript())
    this.#stream.subscribe()
  }

  /** Position in bytes after the last entry. */
  get position(): number {
    return this.#publication.position
  }

  /** Longest message of a session, in bytes of the log. */
  get maxMessageLength(): number {
    return this.#publication.maxMessageLength
  }

  /**
   * Writes an entry. `encode` is given the position at which an entry of `length` bytes would end, which some entries carry, and may be asked
   * again: at the end of a term the place moves.
   */
  write(encode: (endPositionOf: (length: number) => number) => Uint8Array): FramedEntry {
    for (;;) {
      const message = encode((length) => this.#endPosition(length))
      const result = this.#publication.offer(message)
      if (result > 0) return this.#read()
      if (result !== ADMIN_ACTION) {
        throw new Error(`Cannot write to the log: current result is ${publicationResultName(result)}`)
      }
    }
  }

  #endPosition(length: number): number {
    return this.#publication.position + alignFrame(length + HEADER_LENGTH)
  }

  #read(): FramedEntry {
    const image = this.#stream.image!
    let found: FramedEntry | undefined
    while (image.position < this.#publication.position) {
      const position = image.position
      image.blockPoll((term, offset, length) => {
        const frames = copyFrames(term, offset, length)
        found = this.#entries.take({ position, frames })[0] ?? found
      }, this.#publication.termBufferLength)
    }
    return found!
  }
}
