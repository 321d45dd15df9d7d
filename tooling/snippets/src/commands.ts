/** What a page says under a heading. */
export function sectionOf(markdown: string, heading: string): string {
  const found = markdown.split(/^## /m).find((section) => section.startsWith(`${heading}\n`))
  if (found === undefined) throw new Error(`Cannot find a section "${heading}"`)
  return found
}

/** The code blocks of a section, in order; `language` is empty for a block without one. */
export function blocksOf(section: string, language: string): string[] {
  return [...section.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2] ?? '')
}

/** The code in the first column of the tables of a section. */
export function codeOfTable(section: string): string[] {
  return [...section.matchAll(/^\| `([^`]+)` +\|/gm)].map((match) => match[1] ?? '')
}
