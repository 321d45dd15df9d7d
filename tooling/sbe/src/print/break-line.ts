/** Longest line of generated code, as the formatter of this repository has it. */
export const LINE_WIDTH = 110

const OPENING = '([{'
const CLOSING = ')]}'

/**
 * Breaks a line of code that is too long, as a formatter would: a short `if` in front of its statement, else at the last
 * brackets of the line, one element per line. A line that has neither stays as it is.
 */
export function breakLine(indent: string, text: string): string[] {
  if (indent.length + text.length <= LINE_WIDTH) return [indent + text]
  const statement = statementStart(text)
  if (statement > 0) {
    return [
      ...breakLine(indent, text.slice(0, statement).trimEnd()),
      ...breakLine(`${indent}  `, text.slice(statement)),
    ]
  }
  const open = lastGroup(text)
  if (open < 0 || indent.length + open >= LINE_WIDTH) return breakAssignment(indent, text)
  const close = matching(text, open)
  const head = text.slice(0, open + 1)
  const parts = elements(text.slice(open + 1, close))
  // A condition is no list.
  const comma = text.startsWith('if (') ? '' : ','
  return [
    indent + head,
    ...parts.flatMap((part) => breakLine(`${indent}  `, `${part}${comma}`)),
    indent + text.slice(close),
  ]
}

/** Where the statement of an `if` or `else` without braces starts; 0 where the line is none. */
function statementStart(text: string): number {
  if (text.startsWith('else ')) return 'else '.length
  if (!text.startsWith('if (') || text.endsWith('{')) return 0
  const start = matching(text, text.indexOf('(')) + 2
  return start < text.length ? start : 0
}

/** A line whose brackets are none, or too far right: what is assigned goes to a line of its own. */
function breakAssignment(indent: string, text: string): string[] {
  const at = text.indexOf(' = ')
  return at < 0
    ? [indent + text]
    : [`${indent}${text.slice(0, at)} =`, ...breakLine(`${indent}  `, text.slice(at + 3))]
}

/** The bracket that opens the last group with something in it, at the top level of a line; -1 where there is none. */
function lastGroup(text: string): number {
  let found = -1
  for (let at = 0; at < text.length; at++) {
    const after = skipString(text, at)
    if (after > at) {
      at = after
      continue
    }
    if (!OPENING.includes(text.charAt(at))) continue
    const close = matching(text, at)
    if (close < 0) return found
    if (close > at + 1) found = at
    at = close
  }
  return found
}

/** The bracket that closes the one at an index; -1 where the line leaves it open. */
function matching(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    at = skipString(text, at)
    const character = text.charAt(at)
    if (OPENING.includes(character)) depth++
    else if (CLOSING.includes(character) && --depth === 0) return at
  }
  return -1
}

/** Parts between the commas at the top level. */
function elements(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let at = 0; at < text.length; at++) {
    at = skipString(text, at)
    const character = text.charAt(at)
    if (OPENING.includes(character)) depth++
    else if (CLOSING.includes(character)) depth--
    else if (character === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim())
      start = at + 1
    }
  }
  parts.push(text.slice(start).trim())
  return parts.filter((part) => part !== '')
}

/** The index of the quote that ends the string that starts at an index; the same index where none starts. */
function skipString(text: string, at: number): number {
  const quote = text.charAt(at)
  if (quote !== "'" && quote !== '"') return at
  let end = at + 1
  while (end < text.length && text.charAt(end) !== quote) end += text.charAt(end) === '\\' ? 2 : 1
  return end
}
