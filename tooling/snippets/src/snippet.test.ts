import { expect, test } from 'vitest'
import { snippetsOf } from './snippet.ts'

const FENCE = '```'

test('snippetsOf() reads the program and how it is proven', () => {
  const page = `text\n\n<!-- snippet: a; needs: driver; with: b; prints: x: y -->\n\n${FENCE}ts\nlet a = 1\n${FENCE}\n`
  expect(snippetsOf('README.md', page)).toEqual([
    { page: 'README.md', name: 'a', needs: 'driver', with: 'b', prints: 'x: y', program: 'let a = 1\n' },
  ])
})

test('snippetsOf() refuses a block that nothing proves', () => {
  expect(() => snippetsOf('README.md', `${FENCE}ts\nlet a = 1\n${FENCE}\n`)).toThrow(
    /comment .* must stand above it/,
  )
})

test('snippetsOf() refuses a need that is not known', () => {
  const page = `<!-- snippet: a; needs: luck; prints: x -->\n${FENCE}ts\n${FENCE}\n`
  expect(() => snippetsOf('README.md', page)).toThrow(/needs: nothing\|driver/)
})
