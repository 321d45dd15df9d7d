import { BufferBuilder } from './buffer-builder.ts'

/** The buffers of a subscription's sessions. The last one is at hand: fragments of one message follow one another, and a look-up takes longer than what is done with it. */
export class SessionBuilders {
  private readonly initialLength: number
  private readonly builders = new Map<number, BufferBuilder>()
  private lastSessionId = 0
  private last: BufferBuilder | undefined

  /** @param initialLength bytes to set aside for a session at its first fragmented message */
  constructor(initialLength: number) {
    this.initialLength = initialLength
  }

  /** The buffer of a session; a new one at its first fragment. */
  of(sessionId: number): BufferBuilder {
    const { last } = this
    return last !== undefined && this.lastSessionId === sessionId ? last : this.find(sessionId)
  }

  /** Frees the buffer of a session; tells whether there was one. */
  delete(sessionId: number): boolean {
    this.last = undefined
    return this.builders.delete(sessionId)
  }

  /** Frees all buffers. */
  clear(): void {
    this.last = undefined
    this.builders.clear()
  }

  private find(sessionId: number): BufferBuilder {
    let builder = this.builders.get(sessionId)
    if (builder === undefined) {
      builder = new BufferBuilder(this.initialLength)
      this.builders.set(sessionId, builder)
    }
    this.lastSessionId = sessionId
    this.last = builder
    return builder
  }
}
