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

test('variants of a group have their turns together; one that is selected alone has its own', async () => {
  const turns: string[] = []
  const launch = async (variants: BenchCase['variants']): ReturnType<typeof runCase> => {
    const rig = {
      measure: async ({ name }: { name: string }, language: Language) => {
        turns.push(`${name} ${language}`)
        return Promise.resolve({ values: { turn: turns.length } })
      },
      measureGroup: async (group: readonly { name: string }[], language: Language) => {
        if (language === 'java') throw new Error('ended')
        turns.push(`${group.map(({ name }) => name).join('+')} ${language}`)
        return Promise.resolve(group.map((_, index) => ({ values: { index } })))
      },
      [Symbol.asyncDispose]: async () => Promise.resolve(),
    }
    const bench: BenchCase = { name: 'c', title: 'c', variants, launch: async () => Promise.resolve(rig) }
    return runCase(bench, NO_PROGRAMS, 2, () => undefined)
  }
  const a = { name: 'a', group: 'g', metrics: [] }
  const b = { name: 'b', group: 'g', metrics: [] }
  const c = { name: 'c', group: 'h', metrics: [] }
  const d = { name: 'd', metrics: [] }
  const results = await launch([a, b, c, d])
  expect(turns.splice(0)).toEqual([
    'a+b ours',
    'a+b ours',
    'c ours',
    'c java',
    'c java',
    'c ours',
    'd ours',
    'd java',
    'd java',
    'd ours',
  ])
  expect(results.get(b)).toEqual({
    ours: [{ values: { index: 1 } }, { values: { index: 1 } }],
    java: 'failed in round 1: ended',
    go: 'there is no go',
  })
  await launch([b])
  expect(turns).toEqual(['b ours', 'b java', 'b java', 'b ours'])
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
