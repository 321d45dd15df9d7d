/** Where the tools print to, line by line. */
export interface Output {
  /** Takes what was asked for. */
  readonly write: (line: string) => void
  /** Takes what went wrong. */
  readonly print: (line: string) => void
}

/** What a command found out. */
export interface Report {
  /** For programs. */
  readonly value: unknown
  /** For people. */
  readonly lines: readonly string[]
  /** Exit code. @default 0 */
  readonly code?: number
}

/** Writes a report as lines, or as JSON with 64-bit integers as strings. */
export function writeReport({ value, lines }: Report, isJson: boolean, { write }: Output): void {
  if (!isJson) for (const line of lines) write(line)
  else write(JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}` : part), 2))
}
