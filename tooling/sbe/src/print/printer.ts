/** Collects the lines of one generated file. Owns its imports and its indentation, so that no template spells either. */
export class Printer {
  readonly #lines: string[] = []
  readonly #imports = new Map<string, Map<string, boolean>>()
  #indent = ''

  /** Makes a name of another module available, once however often it is asked for; returns the name. */
  import(name: string, from: string): string {
    return this.#import(name, from, false)
  }

  /** As `import`, for a name that is used as a type only. */
  importType(name: string, from: string): string {
    return this.#import(name, from, true)
  }

  #import(name: string, from: string, isType: boolean): string {
    const names = this.#imports.get(from) ?? new Map<string, boolean>()
    names.set(name, (names.get(name) ?? true) && isType)
    this.#imports.set(from, names)
    return name
  }

  line(text = ''): void {
    this.#lines.push(text === '' ? '' : this.#indent + text)
  }

  /** A line that opens, lines inside it, and a line that closes. */
  block(open: string, inside: () => void, close = '}'): void {
    this.line(open)
    const before = this.#indent
    this.#indent += '  '
    inside()
    this.#indent = before
    this.line(close)
  }

  /** A doc comment; empty paragraphs are left out, and none is written where all are empty. */
  doc(...paragraphs: readonly string[]): void {
    const filled = paragraphs.map(escapeComment).filter((text) => text !== '')
    if (filled.length === 0) return
    const [only] = filled
    if (filled.length === 1 && only !== undefined && !only.includes('\n')) {
      this.line(`/** ${only} */`)
      return
    }
    this.line('/**')
    for (const [index, paragraph] of filled.entries()) {
      if (index > 0 && !paragraph.startsWith('@')) this.line(' *')
      for (const text of paragraph.split('\n')) this.line(text === '' ? ' *' : ` * ${text}`)
    }
    this.line(' */')
  }

  /** The whole file, under a header of comment lines. */
  toString(header: readonly string[]): string {
    const imports = [...this.#imports]
      .toSorted(([a], [b]) => compare(a, b))
      .flatMap(([from, names]) => importLines(from, names))
    const top = [...header.map((text) => `// ${text}`), '']
    return [...top, ...imports, ...(imports.length > 0 ? [''] : []), ...this.#lines, ''].join('\n')
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function importLines(from: string, names: ReadonlyMap<string, boolean>): string[] {
  const sorted = [...names].toSorted(([a], [b]) => compare(a, b))
  const values = sorted.filter(([, isType]) => !isType).map(([name]) => name)
  const types = sorted.filter(([, isType]) => isType).map(([name]) => name)
  return [
    ...(values.length > 0 ? [`import { ${values.join(', ')} } from '${from}'`] : []),
    ...(types.length > 0 ? [`import type { ${types.join(', ')} } from '${from}'`] : []),
  ]
}

// Text from a schema must not end the comment it is in.
function escapeComment(text: string): string {
  return text
    .trim()
    .replaceAll('*/', '*\\/')
    .replaceAll(/[ \t]*\r?\n[ \t]*/g, '\n')
}
