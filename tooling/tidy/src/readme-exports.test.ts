import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { filesUnder, ROOT, textOf } from './repository.ts'

const LISTS = /export (?:type )?\{([^}]*)\}/g
/** Layout constants, which a README sums up. */
const CONSTANT = /^[A-Z0-9_]+$/

/** Names that a list of exports gives, but constants. */
function exportedNames(index: string): string[] {
  return [...index.matchAll(LISTS)]
    .flatMap((match) => (match[1] ?? '').split(','))
    .map((entry) => entry.trim().split(' as ').at(-1) ?? '')
    .filter((name) => name !== '' && !CONSTANT.test(name))
}

test('exportedNames() gives the names of values and types', () => {
  const index = "export { a, b as c, LENGTH } from './a.ts'\nexport type {\n  Type,\n} from './d.ts'\n"
  expect(exportedNames(index)).toEqual(['a', 'c', 'Type'])
})

/** Doors that generated code or the other packages use. */
const FOR_US = /^packages\/(client\/src\/internal|codecs\/src\/runtime)\//

const doors = filesUnder('packages', (path) => /packages\/[a-z]+\/src\/.*index\.ts$/.test(path)).filter(
  (path) => !FOR_US.test(path),
)

for (const door of doors) {
  test(`the README of ${door} names all that it exports`, () => {
    const readme = join(dirname(door).split('/src')[0] ?? '', 'README.md')
    expect(existsSync(join(ROOT, readme))).toBe(true)
    const words = new Set(textOf(readme).match(/\w+/g))
    expect(exportedNames(textOf(door)).filter((name) => !words.has(name))).toEqual([])
  })
}
