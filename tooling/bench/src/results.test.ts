import { expect, test } from 'vitest'
import type { BenchCase, Metric, Sample } from './bench-case.ts'
import { goalSummary, markdownTable } from './markdown.ts'
import { rowsOf } from './results.ts'
import type { Row } from './results.ts'

const samples = (...values: number[]): Sample[] => values.map((value) => ({ values: { rate: value } }))

function rowOf(
  metric: Partial<Metric>,
  ours: readonly Sample[] | string,
  java: readonly Sample[] | string,
  go: readonly Sample[] | string,
): Row {
  const variant = {
    name: 'offer',
    metrics: [{ key: 'rate', title: 'offer', unit: 'messages/s', better: 'more' as const, ...metric }],
  }
  const bench: BenchCase = {
    name: 'throughput',
    title: 'throughput',
    variants: [variant],
    launch: () => Promise.reject(new Error('not run')),
  }
  const rows = rowsOf(bench, new Map([[variant, { ours, java, go }]]))
  return rows[0] as Row
}

test('figures are scaled medians, and ratios are ours divided by the other', () => {
  const row = rowOf({ scale: 1e-3 }, samples(1_000, 3_000, 2_000), samples(4_000), samples(1_000))
  expect(row.figures.ours).toMatchObject({ median: 2, values: [1, 3, 2] })
  expect(row.comparisons.java).toEqual({ ratio: 0.5, goal: undefined, isMet: undefined })
  expect(row.comparisons.go?.ratio).toBe(2)
})

test('where more is better a goal is a lower bound', () => {
  const goals = { java: 1, go: 2 }
  const row = rowOf({ goals }, samples(10), samples(10), samples(5.1))
  expect(row.comparisons.java).toEqual({ ratio: 1, goal: 1, isMet: true })
  expect(row.comparisons.go?.isMet).toBe(false)
})

test('where less is better a goal is an upper bound', () => {
  const goals = { java: 1.2, go: 0.9 }
  const row = rowOf({ goals, better: 'less' }, samples(12), samples(10), samples(13))
  expect(row.comparisons.java?.isMet).toBe(true)
  expect(row.comparisons.go?.isMet).toBe(false)
})

test('a contender without figures has its reason, and no ratio', () => {
  const row = rowOf({ goals: { go: 2 } }, samples(1), samples(0), 'there is no go on PATH')
  expect(row.figures.go).toBe('there is no go on PATH')
  expect(row.comparisons).toEqual({})
})

test('a value that no round gave is said to be missing', () => {
  expect(rowOf({ key: 'other' }, samples(1), samples(1), samples(1)).figures.ours).toMatch(
    /^no round gave a value/,
  )
})

test('the table shows figures, ratios, goals and reasons', () => {
  const goals = { java: 1, go: 2 }
  const rows = [
    rowOf({ goals }, samples(1.234, 1.3), samples(2), 'no Go'),
    rowOf({ goals, title: 'claim' }, samples(123_456), samples(100_000), 'no Go'),
  ]
  expect(markdownTable(rows)).toBe(
    `| case | unit | ours | Java | Go | ours / Java | ours / Go |
| --- | --- | ---: | ---: | ---: | --- | --- |
| throughput: offer | messages/s | 1.27 ±3 % | 2.00 ±0 % | none [1] | 0.63 (goal ≥ 1: **not met**) |  |
| throughput: claim | messages/s | 123,456 ±0 % | 100,000 ±0 % | none [1] | 1.23 (goal ≥ 1: met) |  |

[1] no Go`,
  )
  expect(goalSummary(rows)).toBe('1 of 2 goals are met; not met: throughput: offer against java.')
})

test('the summary says when no goal belongs to what was measured, and when all are met', () => {
  expect(goalSummary([rowOf({}, samples(1), samples(1), samples(1))])).toBe(
    'No goal belongs to what was measured.',
  )
  expect(goalSummary([rowOf({ goals: { java: 1 } }, samples(1), samples(1), samples(1))])).toBe(
    '1 of 1 goals are met.',
  )
})
