/** Bytes that cannot be decoded: truncated, damaged, or of a message that the schema does not have. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  /** Where in the bytes. */
  readonly offset: number

  constructor(what: string, offset: number, message: string) {
    super(`Cannot decode ${what} at byte ${offset}: ${message}`)
    this.offset = offset
  }
}
