import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SOURCES = join(dirname(fileURLToPath(import.meta.url)), '..')

/** The sources that a source imports, and those that they import. */
function reachableFrom(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found
  found.add(path)
  for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g)) {
    reachableFrom(join(dirname(path), specifier), found)
  }
  return found
}

test('the main door does without the test kit, and without what watches the process', () => {
  const reachable = [...reachableFrom(join(SOURCES, 'index.ts'))]
  expect(reachable.length).toBeGreaterThan(50)
  expect(reachable.filter((path) => path.includes('/testing/'))).toEqual([])
})

test('the door of the test kit does without the cluster client', () => {
  const reachable = [...reachableFrom(join(SOURCES, 'testing/index.ts'))]
  expect(reachable).toContain(join(SOURCES, 'service/bounded-log-adapter.ts'))
  expect(reachable.filter((path) => path.includes('/client/'))).toEqual([])
})
