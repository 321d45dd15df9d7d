import { expect, test } from 'vitest'
import { filesUnder, textOf } from './repository.ts'

/** What a changeset begins with: at least one package of this repository, and how its version changes. */
const FRONT_MATTER = /^---\n(?:'@x\/[a-z-]+': (?:major|minor|patch)\n)+---\n\n\S/

for (const path of filesUnder('.changeset', (file) => file.endsWith('.md'))) {
  test(`${path} says which packages change, how, and what`, () => {
    expect(textOf(path)).toMatch(FRONT_MATTER)
  })
}
