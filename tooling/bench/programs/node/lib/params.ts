/** Parameters of a program, given as `key=value`; the same keys in every language. */
export class Params {
  readonly #values: ReadonlyMap<string, string>

  constructor(args: readonly string[]) {
    this.#values = new Map(
      args.map((arg) => {
        const at = arg.indexOf('=')
        return [arg.slice(0, at), arg.slice(at + 1)]
      }),
    )
  }

  text(key: string): string {
    const value = this.#values.get(key)
    if (value === undefined) throw new TypeError(`Cannot run: give ${key}=...`)
    return value
  }

  /** Whether it is given as true. */
  flag(key: string): boolean {
    return this.#values.get(key) === 'true'
  }

  number(key: string): number {
    const value = Number(this.text(key))
    if (Number.isNaN(value)) throw new TypeError(`Cannot run: ${key} must be a number`)
    return value
  }

  /** Separated by commas. */
  numbers(key: string): readonly number[] {
    const values = this.text(key).split(',').map(Number)
    if (values.some((value) => Number.isNaN(value))) throw new TypeError(`Cannot run: ${key} must be numbers`)
    return values
  }
}

/** Those of this process. */
export const params: Params = new Params(process.argv.slice(2))
