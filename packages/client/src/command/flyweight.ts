import { AtomicBuffer } from '@x/atomic'

const NOTHING = AtomicBuffer.allocate(0)

/** What every message flyweight shares: a place in a buffer, set anew for each message so that none is allocated. */
export abstract class Flyweight {
  protected buffer: AtomicBuffer = NOTHING
  protected offset = 0

  /** Points this flyweight at a message that starts at `offset` of `buffer`. */
  wrap(buffer: AtomicBuffer, offset: number): this {
    this.buffer = buffer
    this.offset = offset
    return this
  }
}
