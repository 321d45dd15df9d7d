const REFRESH_MS = 250
/** Without a terminal each line stays, so there are fewer of them. */
const REFRESH_WITHOUT_TERMINAL_MS = 2_000

/** Writes lines that stay, and one at the bottom that lives. */
export class Screen {
  readonly #out: NodeJS.WriteStream
  #timer: NodeJS.Timeout | undefined

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  /** Writes a line that stays. */
  line(text: string): void {
    if (this.#out.isTTY) {
      this.#out.clearLine(0)
      this.#out.cursorTo(0)
    }
    this.#out.write(`${text}\n`)
  }

  /** Shows what `text` gives at the moment, until {@link stop}. */
  live(text: () => string): void {
    const show = (): void => {
      if (!this.#out.isTTY) return this.line(text())
      this.#out.cursorTo(0)
      this.#out.write(text().slice(0, this.#out.columns - 1))
      this.#out.clearLine(1)
    }
    this.#timer = setInterval(show, this.#out.isTTY ? REFRESH_MS : REFRESH_WITHOUT_TERMINAL_MS)
  }

  /** Ends the living line. */
  stop(): void {
    clearInterval(this.#timer)
    if (this.#out.isTTY) this.#out.write('\n')
  }
}
