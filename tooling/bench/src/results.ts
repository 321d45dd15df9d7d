import type { BenchCase, Language, Metric, Sample, Variant } from './bench-case.ts'
import { median, spread } from './statistics.ts'

/** What the contenders of one variant measured in all rounds; or why there is nothing. */
export type VariantSamples = Readonly<Record<Language, readonly Sample[] | string>>

/** What came of one metric for one contender. */
export interface Figure {
  readonly median: number
  /** See {@link spread}. */
  readonly spread: number
  /** Of each round. */
  readonly values: readonly number[]
}

/** Our figure beside another. */
export interface Comparison {
  /** Ours divided by the other's. */
  readonly ratio: number
  /** What the ratio has to reach; undefined where there is no goal. */
  readonly goal: number | undefined
  readonly isMet: boolean | undefined
}

/** One row of the table. */
export interface Row {
  readonly caseName: string
  readonly variant: string
  readonly title: string
  readonly unit: string
  readonly better: Metric['better']
  /** A figure, or why there is none. */
  readonly figures: Readonly<Record<Language, Figure | string>>
  readonly comparisons: Readonly<Partial<Record<'java' | 'go', Comparison>>>
}

function figureOf(metric: Metric, samples: readonly Sample[] | string): Figure | string {
  if (typeof samples === 'string') return samples
  const values = samples.flatMap((sample) => {
    const value = sample.values[metric.key]
    return value === undefined ? [] : [value * (metric.scale ?? 1)]
  })
  if (values.length === 0) return 'no round gave a value: nothing came back in the time that was measured'
  return { median: median(values), spread: spread(values), values }
}

/** Our figure beside the other's, against the goal; undefined when one of the two is missing. */
export function compare(
  metric: Pick<Metric, 'better'>,
  ours: Figure | string,
  other: Figure | string,
  goal: number | undefined,
): Comparison | undefined {
  if (typeof ours === 'string' || typeof other === 'string' || other.median === 0) return undefined
  const ratio = ours.median / other.median
  if (goal === undefined) return { ratio, goal, isMet: undefined }
  return { ratio, goal, isMet: metric.better === 'more' ? ratio >= goal : ratio <= goal }
}

/** The row of one metric. */
function rowOf(caseName: string, variant: Variant, metric: Metric, samples: VariantSamples): Row {
  const figures = {
    ours: figureOf(metric, samples.ours),
    java: figureOf(metric, samples.java),
    go: figureOf(metric, samples.go),
  }
  const comparisons: Partial<Record<'java' | 'go', Comparison>> = {}
  for (const other of ['java', 'go'] as const) {
    const comparison = compare(metric, figures.ours, figures[other], metric.goals?.[other])
    if (comparison !== undefined) comparisons[other] = comparison
  }
  const { title, unit, better } = metric
  return { caseName, variant: variant.name, title, unit, better, figures, comparisons }
}

/** The rows of a case. */
export function rowsOf(bench: BenchCase, samples: ReadonlyMap<Variant, VariantSamples>): readonly Row[] {
  return bench.variants.flatMap((variant) => {
    const found = samples.get(variant)
    if (found === undefined) return []
    return variant.metrics.map((metric) => rowOf(bench.name, variant, metric, found))
  })
}
