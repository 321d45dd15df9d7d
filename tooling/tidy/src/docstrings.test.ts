import { expect, test } from 'vitest'
import { librarySources, textOf } from './repository.ts'

const DECLARATION = /^export (?:abstract class|class|function|async function|interface|type|const) (\w+)/

/** Names of the exported declarations of a source that no docstring stands above. */
function undocumented(source: string): string[] {
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    const name = DECLARATION.exec(line)?.[1]
    if (name === undefined) return []
    // A closed set is a const and a type of the same name: the docstring of the const speaks for both.
    const companion = line.startsWith('export type') && source.includes(`export const ${name}`)
    const documented = lines[index - 1]?.trimEnd().endsWith('*/') ?? false
    return documented || companion ? [] : [name]
  })
}

test('undocumented() finds an exported declaration without a docstring', () => {
  expect(undocumented('/** Said. */\nexport const a = 1\n\nexport class B {}\n')).toEqual(['B'])
})

for (const path of librarySources()) {
  test(`${path} documents all that it exports`, () => {
    expect(undocumented(textOf(path))).toEqual([])
  })
}
