import { expect, test } from 'vitest'
import type { BenchCase, Language, Programs, Sample } from './bench-case.ts'
import { runCase, shortReason } from './run-case.ts'

const NO_PROGRAMS: Programs = {
  javaClasses: '',
  whyAbsent: (language) => (language === 'go' ? 'there is no go' : undefined),
  start: () => Promise.reject(new Error('not started')),
}

/** A case that writes down who is measured when. */
function recorded(measure: (language: Language, turn: number) => Sample): {
  bench: BenchCase
  turns: string[]
} {
  const turns: string[] = []
  const bench: BenchCase = {
    name: 'case',
    title: 'case',
    variants: [
      { name: 'a', metrics: [] },
      { name: 'b', metrics: [], absent: { java: 'not in Java' } },
    ],
    launch: async () =>
      Promise.resolve({
        measure: async ({ name }, language) => {
          turns.push(`${name} ${language}`)
          return Promise.resolve(measure(language, turns.length))
        },
        [Symbol.asyncDispose]: async () => {
          turns.push('disposed')
          return Promise.resolve()
        },
      }),
  }
  return { bench, turns }
}

test('the contenders take turns, and the first of one round is the last of the next', async () => {
  const { bench, turns } = recorded((_, turn) => ({ values: { turn } }))
  const results = await runCase(bench, NO_PROGRAMS, 2, () => undefined)
  expect(turns).toEqual(['a ours', 'a java', 'a java', 'a ours', 'b ours', 'b ours', 'disposed'])
  expect([...results.values()]).toEqual([
    {
      ours: [{ values: { turn: 1 } }, { values: { turn: 4 } }],
      java: [{ values: { turn: 2 } }, { values: { turn: 3 } }],
      go: 'there is no go',
    },
    { ours: [{ values: { turn: 5 } }, { values: { turn: 6 } }], java: 'not in Java', go: 'there is no go' },
  ])
})

test('one that fails has its reason in place of figures, and the others go on', async () => {
  const { bench, turns } = recorded((language) => {
    if (language === 'java') throw new Error('Cannot measure: it ended\nat x\nOutOfMemoryError\n')
    return { values: {} }
  })
  const [first] = [...(await runCase(bench, NO_PROGRAMS, 2, () => undefined)).values()]
  expect(first?.java).toBe('failed in round 1: Cannot measure: it ended ... OutOfMemoryError')
  expect(first?.ours).toHaveLength(2)
  expect(turns.at(-1)).toBe('disposed')
})

test('a reason is the first line, and the line that tells most, or else the last', () => {
  expect(shortReason(new Error('Cannot go on'))).toBe('Cannot go on')
  expect(shortReason('text')).toBe('text')
  expect(shortReason('ended\nok\npanic: no answer\ngoroutine 1\n')).toBe('ended ... panic: no answer')
  expect(shortReason('ended\none\ntwo\n')).toBe('ended ... two')
})
