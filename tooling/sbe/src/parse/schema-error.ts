/** A place in a schema: an element, a token, or anything else that knows where it was written. */
export interface Location {
  readonly file: string
  /** Line in the file, from 1; 0 where the file has no lines. */
  readonly line: number
}

/** One thing that is wrong in a schema, and where. */
export interface SchemaProblem extends Location {
  /** What is wrong and what to do about it. */
  readonly message: string
}

/** A schema that cannot be generated from. Carries every problem found in the run, each with its line and remedy. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError'
  readonly problems: readonly SchemaProblem[]

  constructor(problems: readonly SchemaProblem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.problems = problems
  }
}

/** A problem on one line, as `file:line: message`. */
export function formatProblem({ file, line, message }: SchemaProblem): string {
  return line > 0 ? `${file}:${line}: ${message}` : `${file}: ${message}`
}

/** Collects the problems of one run, so that all are reported together. */
export class Problems {
  /** The file of the run; others are those that it includes. */
  readonly file: string
  readonly #errors: SchemaProblem[] = []
  readonly #warnings: SchemaProblem[] = []

  constructor(file: string) {
    this.file = file
  }

  /** Adds what the run cannot end well with. A number is a line of the file of the run. */
  add(at: Location | number, message: string): void {
    addOnce(this.#errors, this.#problem(at, message))
  }

  /** Adds what is likely a mistake, and does not stop the run. */
  warn(at: Location | number, message: string): void {
    addOnce(this.#warnings, this.#problem(at, message))
  }

  /** Warns of an element that means nothing where it stands: the reference tool leaves it out without a word. */
  warnUnknown(element: Location & { readonly name: string }, where: string, remedy: string): void {
    this.warn(
      element,
      `<${element.name}> in ${where} is not one of SBE, and has no effect; ${remedy}, or remove it`,
    )
  }

  /** The warnings so far, in the order of files and lines. */
  get warnings(): readonly SchemaProblem[] {
    return inOrder(this.#warnings, this.file)
  }

  /** Throws a SchemaError with all that was added, in the order of files and lines; returns when nothing was. */
  throwIfAny(): void {
    if (this.#errors.length > 0) throw new SchemaError(inOrder(this.#errors, this.file))
  }

  #problem(at: Location | number, message: string): SchemaProblem {
    if (typeof at === 'number') return { file: this.file, line: at, message }
    return { file: at.file === '' ? this.file : at.file, line: at.line, message }
  }
}

/** A place as a part of a sentence that is about `from`: the file is told where it is another. */
export function inLine(place: Location, from: Location): string {
  return place.file === from.file ? `line ${place.line}` : `${place.file}:${place.line}`
}

/** A type that is used in several places is looked at in each, and a message by its encoder and its decoder. */
function addOnce(problems: SchemaProblem[], problem: SchemaProblem): void {
  const text = formatProblem(problem)
  if (!problems.some((other) => formatProblem(other) === text)) problems.push(problem)
}

function inOrder(problems: readonly SchemaProblem[], first: string): SchemaProblem[] {
  const key = ({ file }: SchemaProblem): string => (file === first ? '' : file)
  return problems.toSorted((a, b) => (key(a) === key(b) ? a.line - b.line : key(a) < key(b) ? -1 : 1))
}
