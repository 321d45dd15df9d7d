/** One thing that is wrong in a schema, and where. */
export interface SchemaProblem {
  readonly file: string
  /** Line in the file, from 1. */
  readonly line: number
  /** What is wrong and what to do about it. */
  readonly message: string
}

/** A schema that cannot be generated from. Carries every problem found in the run, each with its line and remedy. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly problems: readonly SchemaProblem[]

  constructor(problems: readonly SchemaProblem[]) {
    super(problems.map((problem) => `${problem.file}:${problem.line}: ${problem.message}`).join('\n'))
    this.problems = problems
  }
}

/** Collects the problems of one run, so that all are reported together. */
export class Problems {
  readonly file: string
  readonly #problems: SchemaProblem[] = []

  constructor(file: string) {
    this.file = file
  }

  add(line: number, message: string): void {
    this.#problems.push({ file: this.file, line, message })
  }

  /** Throws a SchemaError with all that was added, in the order of the lines; returns when nothing was. */
  throwIfAny(): void {
    if (this.#problems.length > 0) {
      throw new SchemaError(this.#problems.toSorted((a, b) => a.line - b.line))
    }
  }
}
