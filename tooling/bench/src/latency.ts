import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import type { Metric, Sample } from './bench-case.ts'

const PERCENTILES: readonly (readonly [string, number])[] = [
  ['p50', 50],
  ['p99', 99],
  ['p99.9', 99.9],
  ['max', 100],
]

/** Adds the percentiles of a histogram of a sample to its values, in nanoseconds: `roundTrip.p50` and so on. */
export function withPercentiles(sample: Sample, name: string): Sample {
  const encoded = sample.histograms?.[name]
  if (encoded === undefined) return sample
  const histogram = decodeFromCompressedBase64(encoded)
  // Nothing came back in the time that was measured: no figure is better than zeros.
  if (histogram.totalCount === 0) return sample
  const values = Object.fromEntries(
    PERCENTILES.map(([label, percentile]) => [
      `${name}.${label}`,
      histogram.getValueAtPercentile(percentile),
    ]),
  )
  return { ...sample, values: { ...sample.values, ...values } }
}

/** Goals of a percentile. */
export type PercentileGoals = Readonly<Record<string, Metric['goals']>>

/** A row for each percentile. */
export function percentileMetrics(
  title: string,
  name: string,
  goals: PercentileGoals = {},
): readonly Metric[] {
  return PERCENTILES.map(([label]): Metric => {
    const goal = goals[label]
    return {
      key: `${name}.${label}`,
      title: `${title}, ${label}`,
      unit: 'µs',
      scale: 1e-3,
      better: 'less',
      ...(goal === undefined ? {} : { goals: goal }),
    }
  })
}
