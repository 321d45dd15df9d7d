const UTF_8 = new TextDecoder()

/** Reads the bytes of an IR file from front to end. What is not there is told to `fail`, which throws. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #fail: (message: string) => never
  #offset = 0

  constructor(bytes: Uint8Array, fail: (message: string) => never) {
    this.#bytes = bytes
    this.#fail = fail
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#offset
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  /** The next `length` bytes, for fields at fixed offsets. */
  fields(length: number): DataView {
    const bytes = this.#take(length)
    return new DataView(bytes.buffer, bytes.byteOffset, length)
  }

  /** The bytes behind a uint16 length. */
  data(): Uint8Array {
    return this.#take(this.fields(2).getUint16(0, true))
  }

  text(): string {
    return UTF_8.decode(this.data())
  }

  #take(length: number): Uint8Array {
    const end = this.#offset + length
    if (end > this.#bytes.length) {
      return this.#fail(
        `it has ${this.#bytes.length} bytes, and byte ${this.#offset} needs ${length} more; it is cut short, so copy it again`,
      )
    }
    const bytes = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return bytes
  }
}
