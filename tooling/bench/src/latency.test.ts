import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import { expect, test } from 'vitest'
import { CURVE_PERCENTILES, latencySvg } from './latency-svg.ts'
import { percentileMetrics, withPercentiles } from './latency.ts'
import { picturesOf } from './pictures.ts'
import { javaClassName } from './toolchains/java-programs.ts'
import { parseResult } from './toolchains/programs.ts'

function encoded(...values: number[]): string {
  const histogram = build({ highestTrackableValue: 1e9, numberOfSignificantValueDigits: 3 })
  for (const value of values) histogram.recordValue(value)
  return encodeIntoCompressedBase64(histogram)
}

const thousand = encoded(...Array.from({ length: 1_000 }, (_, index) => (index + 1) * 1_000))

test('percentiles of a histogram become values of the sample', () => {
  const { values } = withPercentiles({ values: { sent: 3 }, histograms: { trip: thousand } }, 'trip')
  expect(values['sent']).toBe(3)
  // Three digits.
  expect((values['trip.p50'] ?? 0) / 500_000).toBeCloseTo(1, 2)
  expect((values['trip.p99'] ?? 0) / 990_000).toBeCloseTo(1, 2)
  expect((values['trip.max'] ?? 0) / 1_000_000).toBeCloseTo(1, 2)
})

test('a sample without the histogram stays as it is', () => {
  const sample = { values: { sent: 3 } }
  expect(withPercentiles(sample, 'trip')).toBe(sample)
})

test('an empty histogram gives no percentiles', () => {
  const sample = { values: { sent: 3 }, histograms: { trip: encoded() } }
  expect(withPercentiles(sample, 'trip').values).toEqual({ sent: 3 })
})

test('percentiles are rows in microseconds, the goal where there is one', () => {
  const rows = percentileMetrics('echo', 'trip', { p50: { java: 1.2 } })
  expect(rows.map((row) => row.key)).toEqual(['trip.p50', 'trip.p99', 'trip.p99.9', 'trip.max'])
  expect(rows[0]).toMatchObject({ unit: 'µs', scale: 1e-3, better: 'less', goals: { java: 1.2 } })
  expect(rows[1]).not.toHaveProperty('goals')
})

test('the picture has a line with a point for each percentile, of all rounds together', () => {
  const sample = { values: {}, histograms: { trip: thousand } }
  const pictures = picturesOf('a & b', { ours: [sample, sample], java: [sample], go: 'no Go' })
  const svg = pictures.get('trip') ?? ''
  expect(svg).toContain('<title>a &amp; b</title>')
  const lines = [...svg.matchAll(/points="([^"]+)"/g)].map(([, points = '']) => points.split(' '))
  expect(lines.map((points) => points.length)).toEqual([CURVE_PERCENTILES.length, CURVE_PERCENTILES.length])
  expect(svg).not.toMatch(/NaN|undefined/)
})

test('there is no picture of nothing', () => {
  expect(picturesOf('x', { ours: [{ values: {} }], java: 'none', go: 'none' }).size).toBe(0)
  expect(() => latencySvg('x', [])).toThrow(
    new RangeError('Cannot draw latencies: there must be at least one value'),
  )
})

test('the result of a program is its last line of JSON', () => {
  const output = 'a warning\n{"values":{"old":1}}\n{"values":{"rate":2}}\nbye\n'
  expect(parseResult('x', output)).toEqual({ values: { rate: 2 } })
  expect(() => parseResult('x', 'sorry\n')).toThrow(
    'Cannot use x: it must print a line of JSON, its output is "sorry"',
  )
})

test('a program has the name of its class in Java', () => {
  expect(javaClassName('throughput-publisher')).toBe('ThroughputPublisher')
  expect(javaClassName('ping')).toBe('Ping')
})
