import { AtomicBuffer } from './atomic-buffer.ts'
import { align } from './bit-util.ts'

/** Ours: holds the usual small message without a first growth. */
const DEFAULT_INITIAL_CAPACITY = 128
const MAX_CAPACITY = 0x7fff_fff8

/**
 * A private buffer that grows: for encoders that do not know the length beforehand, and for reassembly.
 * Growing replaces {@link buffer}, so take it again after each call that may have grown it.
 */
export class ExpandableArrayBuffer {
  #buffer: AtomicBuffer

  /** @param initialCapacity bytes to start with */
  constructor(initialCapacity: number = DEFAULT_INITIAL_CAPACITY) {
    this.#buffer = AtomicBuffer.allocate(initialCapacity)
  }

  /** The memory as it is now. */
  get buffer(): AtomicBuffer {
    return this.#buffer
  }

  /** Bytes that fit without growing. */
  get capacity(): number {
    return this.#buffer.capacity
  }

  /**
   * Grows, at least by half, until `capacity` bytes fit, keeping what is there; returns the buffer to use from now on.
   *
   * @throws RangeError when `capacity` is above 2^31 - 8
   */
  ensureCapacity(capacity: number): AtomicBuffer {
    const current = this.#buffer
    if (capacity <= current.capacity) return current
    if (!(capacity <= MAX_CAPACITY)) {
      throw new RangeError(
        `Cannot grow a buffer: capacity must be at most ${MAX_CAPACITY}, current value is ${capacity}`,
      )
    }
    const grown = Math.min(
      MAX_CAPACITY,
      Math.max(align(capacity, 8), align(Math.ceil(current.capacity * 1.5), 8)),
    )
    const next = AtomicBuffer.allocate(grown)
    next.putBytes(0, current, 0, current.capacity)
    this.#buffer = next
    return next
  }

  /** Copies bytes in at `offset`, growing as needed. */
  putBytes(offset: number, source: Uint8Array | AtomicBuffer, sourceOffset: number, length: number): void {
    this.ensureCapacity(offset + length).putBytes(offset, source, sourceOffset, length)
  }
}
