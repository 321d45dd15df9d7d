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
