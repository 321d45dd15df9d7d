import { expect, test } from 'vitest'
import { generateAll } from '../dev/generate.ts'

test('the generated code is up to date with the schemas and the generator', () => {
  const lines: string[] = []
  const code = generateAll(['--check'], (line) => lines.push(line))
  expect(lines).toEqual([])
  expect(code).toBe(0)
})
