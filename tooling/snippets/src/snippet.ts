/** What must be running for a snippet to work. */
export const NEEDS = ['nothing', 'driver', 'archive', 'cluster'] as const
export type Need = (typeof NEEDS)[number]

/** A program that a README shows. */
export interface Snippet {
  /** The file that shows it, relative to the top folder. */
  readonly page: string
  readonly name: string
  readonly needs: Need
  /** Name of the snippet to start first. */
  readonly with: string | undefined
  /** What the output must contain. */
  readonly prints: string
  readonly program: string
}

const BLOCK = /(?:<!-- snippet: (.*?) -->\n+)?```ts\n([\s\S]*?)```/g

/**
 * The snippets of a Markdown text.
 *
 * @throws SyntaxError for a `ts` block without the comment that says how it is proven, or with one that cannot be understood
 */
export function snippetsOf(page: string, markdown: string): Snippet[] {
  return [...markdown.matchAll(BLOCK)].map(([, directive, program]) => {
    if (directive === undefined || program === undefined) {
      throw new SyntaxError(
        `Cannot prove a snippet of ${page}: a comment "<!-- snippet: ... -->" must stand above it, it begins "${program?.slice(0, 60)}"`,
      )
    }
    return { page, program, ...parseDirective(page, directive) }
  })
}

function parseDirective(page: string, directive: string): Omit<Snippet, 'page' | 'program'> {
  const [name = '', ...rest] = directive.split(/;\s*/)
  const words = new Map(
    rest.map((part) => {
      const colon = part.indexOf(':')
      return [part.slice(0, colon).trim(), part.slice(colon + 1).trim()]
    }),
  )
  const need = NEEDS.find((known) => known === words.get('needs'))
  const prints = words.get('prints')
  const unknown = [...words.keys()].filter((word) => !['needs', 'with', 'prints'].includes(word))
  if (name === '' || need === undefined || prints === undefined || unknown.length > 0) {
    throw new SyntaxError(
      `Cannot prove snippet "${directive}" of ${page}: it must read "name; needs: ${NEEDS.join('|')}; prints: text", with "with: name" if need be`,
    )
  }
  return { name, needs: need, with: words.get('with'), prints }
}
