import { breakLine, LINE_WIDTH } from './break-line.ts'

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

  /** A line of code; one that is too long is broken as a formatter would. */
  line(text = ''): void {
    if (text === '') this.#lines.push('')
    else this.#lines.push(...breakLine(this.#indent, text))
  }

  /** A line that opens, lines inside it, and a line that closes; one line where nothing is inside. */
  block(open: string, inside: () => void, close = '}'): void {
    const start = this.#lines.length
    this.line(open)
    const [before, end] = [this.#indent, this.#lines.length]
    this.#indent += '  '
    inside()
    this.#indent = before
    if (this.#lines.length > end) this.line(close)
    else {
      this.#lines.length = start
      this.line(open + close)
    }
  }

  /** A doc comment; empty paragraphs are left out, and none is written where all are empty. */
  doc(...paragraphs: readonly string[]): void {
    const filled = paragraphs.map(escapeComment).filter((text) => text !== '')
    if (filled.length === 0) return
    const [only] = filled
    const oneLine = `${this.#indent}/** ${only} */`
    if (filled.length === 1 && !oneLine.includes('\n') && oneLine.length <= LINE_WIDTH) {
      this.#lines.push(oneLine)
      return
    }
    this.#lines.push(`${this.#indent}/**`)
    for (const [index, paragraph] of filled.entries()) {
      if (index > 0 && !paragraph.startsWith('@')) this.#lines.push(`${this.#indent} *`)
      for (const text of paragraph.split('\n')) this.#comment(text)
    }
    this.#lines.push(`${this.#indent} */`)
  }

  #comment(text: string): void {
    const room = LINE_WIDTH - this.#indent.length - 3
    for (const line of wrapText(text, room)) {
      this.#lines.push(line === '' ? `${this.#indent} *` : `${this.#indent} * ${line}`)
    }
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
    ...(values.length > 0
      ? breakImport(`import { ${values.join(', ')} } from '${from}'`, values.length)
      : []),
    ...(types.length > 0
      ? breakImport(`import type { ${types.join(', ')} } from '${from}'`, types.length)
      : []),
  ]
}

/** An import of one name has nothing to break. */
function breakImport(text: string, names: number): string[] {
  return names === 1 ? [text] : breakLine('', text)
}

/** Breaks text between words; a word that is longer than a line stays whole. */
function wrapText(text: string, room: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}

// Text from a schema must not end the comment it is in.
function escapeComment(text: string): string {
  return text
    .trim()
    .replaceAll('*/', '*\\/')
    .replaceAll(/[ \t]*(?:\r?\n|[\r\u2028\u2029])[ \t]*/g, '\n')
}
