import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder, ROOT, textOf } from './repository.ts'

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly files?: readonly string[]
  readonly dependencies?: Record<string, string>
}

const withoutCode = (markdown: string): string => markdown.replaceAll(/```[\s\S]*?```/g, '')

/** Targets of the links of a Markdown text that are not addresses, as file and heading. */
function localLinks(markdown: string): (readonly [file: string, heading: string | undefined])[] {
  return [...withoutCode(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => [target.split('#')[0] ?? '', target.split('#')[1]])
}

/** Targets of the relative links of a Markdown text. */
function relativeLinks(markdown: string): string[] {
  return localLinks(markdown)
    .map(([file]) => file)
    .filter((file) => file !== '')
}

/** The headings of a Markdown text, as links name them: what comes again has a number. */
function headings(markdown: string): string[] {
  const seen = new Map<string, number>()
  return [...withoutCode(markdown).matchAll(/^#+ (.*)$/gm)].map((match) => {
    const text = (match[1] ?? '').toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    const slug = text.replaceAll(' ', '-')
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    return count === 0 ? slug : `${slug}-${count}`
  })
}

const pages = filesUnder('.', (path) => path.endsWith('.md') && !path.endsWith('CHANGELOG.md'))

for (const page of pages) {
  test(`${page} links only to files that exist`, () => {
    const missing = relativeLinks(textOf(page)).filter(
      (target) => !existsSync(join(ROOT, dirname(page), target)),
    )
    expect(missing).toEqual([])
  })

  test(`${page} links only to headings that exist`, () => {
    const missing = localLinks(textOf(page)).filter(([file, heading]) => {
      const target = file === '' ? page : join(dirname(page), file)
      return heading !== undefined && !headings(textOf(target)).includes(heading)
    })
    expect(missing).toEqual([])
  })
}

test('headings() names headings as links do', () => {
  expect(headings('# @x/client\n\n## What `offer` gives, and why\n\n# @x/client\n')).toEqual([
    'xclient',
    'what-offer-gives-and-why',
    'xclient-1',
  ])
})

const published = filesUnder('.', (path) => /^[a-z]+\/[a-z]+\/package\.json$/.test(path))
  .map((path) => ({ folder: dirname(path), manifest: JSON.parse(textOf(path)) as Manifest }))
  .filter(({ manifest }) => manifest.private !== true)

/** Whether a file, named relative to the top folder, is in the package that is published from `folder`. */
function isShipped(file: string, folder: string, manifest: Manifest): boolean {
  const inside = file.slice(folder.length + 1)
  if (!file.startsWith(`${folder}/`)) return false
  return inside === 'README.md' || manifest.files?.includes(inside.split('/')[0] ?? '') === true
}

for (const { folder, manifest } of published) {
  // Installed, the packages lie beside one another as they do here, if they are dependencies.
  const beside = published.filter((other) => other.manifest.name in (manifest.dependencies ?? {}))
  const shipping = [{ folder, manifest }, ...beside]
  for (const page of pages.filter((path) => isShipped(path, folder, manifest))) {
    test(`${page} links only to files that are there where ${manifest.name} is installed`, () => {
      const missing = relativeLinks(textOf(page))
        .map((target) => join(dirname(page), target))
        .filter((file) => !shipping.some((shipped) => isShipped(file, shipped.folder, shipped.manifest)))
      expect(missing).toEqual([])
    })
  }
}
