import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { LANGUAGES } from './bench-case.ts'
import { CURVE_PERCENTILES, latencySvg } from './latency-svg.ts'
import type { Curve } from './latency-svg.ts'
import type { VariantSamples } from './results.ts'

/** How the contenders are called in tables and pictures. */
const NAMES = { ours: 'ours', java: 'Java', go: 'Go' } as const

/** One curve of all rounds together, or undefined when there was no histogram. */
function curveOf(name: string, encoded: readonly string[]): Curve | undefined {
  const [first, ...rest] = encoded.map((text) => decodeFromCompressedBase64(text))
  if (first === undefined) return undefined
  for (const other of rest) first.add(other)
  if (first.totalCount === 0) return undefined
  return {
    name,
    valuesUs: CURVE_PERCENTILES.map((percentile) => first.getValueAtPercentile(percentile) / 1e3),
  }
}

/** The pictures of a variant, by the name of the histogram; none when nothing was kept. */
export function picturesOf(title: string, samples: VariantSamples): ReadonlyMap<string, string> {
  const taken = LANGUAGES.map((language) => {
    const of = samples[language]
    return [NAMES[language], typeof of === 'string' ? [] : of] as const
  })
  const names = new Set(
    taken.flatMap(([, of]) => of.flatMap((sample) => Object.keys(sample.histograms ?? {}))),
  )
  const pictures = new Map<string, string>()
  for (const name of names) {
    const curves = taken.flatMap(([contender, of]) => {
      const encoded = of.flatMap((sample) => sample.histograms?.[name] ?? [])
      return curveOf(contender, encoded) ?? []
    })
    if (curves.length > 0) pictures.set(name, latencySvg(title, curves))
  }
  return pictures
}
