import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder, ROOT, textOf } from './repository.ts'

/** Targets of the relative links of a Markdown text. */
function relativeLinks(markdown: string): string[] {
  const withoutCode = markdown.replaceAll(/```[\s\S]*?```/g, '')
  return [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
}

const pages = filesUnder('.', (path) => path.endsWith('.md') && !path.endsWith('CHANGELOG.md'))

for (const page of pages) {
  test(`${page} links only to files that exist`, () => {
    const missing = relativeLinks(textOf(page)).filter(
      (target) => !existsSync(join(ROOT, dirname(page), target)),
    )
    expect(missing).toEqual([])
  })
}
