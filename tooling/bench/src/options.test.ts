import { expect, test } from 'vitest'
import type { BenchCase } from './bench-case.ts'
import { BENCH_CASES } from './bench-cases.ts'
import { BenchError } from './bench-error.ts'
import { parseOptions } from './options.ts'

function benchCase(name: string, variants: readonly string[]): BenchCase {
  return {
    name,
    title: name,
    variants: variants.map((variant) => ({ name: variant, metrics: [] })),
    launch: () => Promise.reject(new Error('not run')),
  }
}

const CASES = [benchCase('throughput', ['offer-32', 'offer-288', 'claim-32']), benchCase('latency', ['spin'])]

function selected(...argv: string[]): string[] {
  return parseOptions(argv, CASES).selected.flatMap((one) =>
    one.variants.map((variant) => `${one.name}/${variant.name}`),
  )
}

test('without a name all cases run, five rounds each', () => {
  const options = parseOptions([], CASES)
  expect(options.selected).toBe(CASES)
  expect(options.rounds).toBe(5)
  expect(options.json).toBeUndefined()
})

test('a name selects a case, a variant, or all variants that begin with it', () => {
  expect(selected('latency')).toEqual(['latency/spin'])
  expect(selected('throughput/offer')).toEqual(['throughput/offer-32', 'throughput/offer-288'])
  expect(selected('throughput/claim-32', 'latency')).toEqual(['throughput/claim-32', 'latency/spin'])
  expect(selected('--', 'latency', '--rounds', '7')).toEqual(['latency/spin'])
})

test.each(['through', 'throughput/', 'throughput/off', 'latency/claim-32', ''])(
  'the name "%s" is unknown, and the error lists those that are known',
  (name) => {
    expect(() => parseOptions([name], CASES)).toThrow(BenchError)
    expect(() => parseOptions([name], CASES)).toThrow(/NAME must be one of throughput, latency/)
  },
)

test.each(['0', '-1', '2.5', '101', 'many', '1e1', ''])('--rounds=%s is refused', (rounds) => {
  expect(() => parseOptions([`--rounds=${rounds}`], CASES)).toThrow(
    `--rounds must be a whole number from 1 to 100, current value is "${rounds}"`,
  )
})

test('an unknown option is refused with the usage', () => {
  expect(() => parseOptions(['--fast'], CASES)).toThrow(/Unknown option '--fast'[\s\S]*Usage: pnpm bench/)
})

test('the names of cases, and of variants within one, are unique', () => {
  const names = BENCH_CASES.map((one) => one.name)
  expect(new Set(names).size).toBe(names.length)
  for (const { variants } of BENCH_CASES) {
    const of = variants.map((variant) => variant.name)
    expect(new Set(of).size).toBe(of.length)
  }
})
