import { readFileSync } from 'node:fs'
import { runInThisContext } from 'node:vm'
import { expect, test } from 'vitest'
import * as cluster from './cluster.ts'

test('the snippet of the README does what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const snippet = /```ts\nimport (\{[^}]*\}) from '@x\/codecs\/cluster'\n([^`]*)```/.exec(readme)
  const [, names = '', body = ''] = snippet ?? []
  const printed: unknown[] = []
  // The snippet is JavaScript but for its import, which is given here.
  const run = runInThisContext(`(cluster, console) => { const ${names} = cluster\n${body} }`) as (
    door: object,
    console: object,
  ) => void
  run(cluster, { log: (...values: unknown[]) => printed.push(values) })
  expect(printed).toEqual([[7n, true, 'hello']])
})
