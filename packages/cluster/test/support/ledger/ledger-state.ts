import { AtomicBuffer } from '@x/atomic'

const ENTRY_LENGTH = 16

/** The replicated state: every entry in its order, and a hash over all that came with it. Knows no cluster. */
export class LedgerState {
  #hash1 = 0x811c9dc5 | 0
  #hash2 = 0
  #entries = AtomicBuffer.allocate(ENTRY_LENGTH * 1024)
  #entryCount = 0
  timerCount = 0
  /** Timers that are scheduled and have not fired. */
  readonly pendingTimers: Set<bigint> = new Set()
  /** Bytes that a snapshot is filled up with. */
  ballastLength = 0

  /** Both halves of the hash in hexadecimal digits. */
  get hash(): string {
    return [this.#hash1, this.#hash2].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
  }

  get hashes(): readonly [number, number] {
    return [this.#hash1, this.#hash2]
  }

  get entryCount(): number {
    return this.#entryCount
  }

  /** The entries: 16 bytes each, where from and the sequence. */
  get entries(): AtomicBuffer {
    return this.#entries
  }

  get entriesLength(): number {
    return this.#entryCount * ENTRY_LENGTH
  }

  restore(hash1: number, hash2: number, entryCount: number): void {
    this.#hash1 = hash1
    this.#hash2 = hash2
    this.#entryCount = entryCount
    this.#entries = AtomicBuffer.allocate(Math.max(1024, entryCount) * ENTRY_LENGTH)
  }

  /** Adds an entry of a session, of the service itself (-1), or of a timer (0). */
  add(from: bigint, sequence: bigint, timestamp: bigint): void {
    if (this.entriesLength === this.#entries.capacity) {
      const grown = AtomicBuffer.allocate(this.#entries.capacity * 2)
      grown.putBytes(0, this.#entries, 0, this.#entries.capacity)
      this.#entries = grown
    }
    this.#entries.putInt64(this.entriesLength, from)
    this.#entries.putInt64(this.entriesLength + 8, sequence)
    this.#entryCount++
    this.#hashLong(from)
    this.#hashLong(sequence)
    this.#hashLong(timestamp)
  }

  hashBytes(buffer: AtomicBuffer, offset: number, length: number): void {
    this.#hashInt(length)
    for (let i = 0; i < length; i++) this.#hashInt(buffer.getUint8(offset + i))
  }

  #hashLong(value: bigint): void {
    this.#hashInt(Number(BigInt.asIntN(32, value)))
    this.#hashInt(Number(BigInt.asIntN(32, value >> 32n)))
  }

  #hashInt(value: number): void {
    this.#hash1 = Math.imul(this.#hash1 ^ value, 0x01000193)
    const mixed = Math.imul((this.#hash2 + value) | 0, 0x85ebca6b)
    this.#hash2 = mixed ^ (mixed >>> 13)
  }
}
