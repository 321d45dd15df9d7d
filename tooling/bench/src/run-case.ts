import { LANGUAGES } from './bench-case.ts'
import type { BenchCase, Language, Programs, Rig, Sample, Variant } from './bench-case.ts'
import type { VariantSamples } from './results.ts'

/** Told in words what is being done. */
export type Progress = (message: string) => void

/** Why a contender of a variant has no turn, or undefined when it has. */
function whyAbsent(programs: Programs, variant: Variant, language: Language): string | undefined {
  return variant.absent?.[language] ?? programs.whyAbsent(language)
}

async function runVariant(
  rig: Rig,
  programs: Programs,
  variant: Variant,
  rounds: number,
  onProgress: Progress,
): Promise<VariantSamples> {
  const samples: Record<Language, Sample[] | string> = { ours: [], java: [], go: [] }
  for (const language of LANGUAGES) {
    samples[language] = whyAbsent(programs, variant, language) ?? []
  }
  for (let round = 0; round < rounds; round++) {
    // Whoever goes first in one round goes last in the next, so that no one always follows the same other.
    const order = round % 2 === 0 ? LANGUAGES : LANGUAGES.toReversed()
    for (const language of order) {
      const taken = samples[language]
      if (typeof taken === 'string') continue
      onProgress(`round ${round + 1} of ${rounds}, ${language}`)
      try {
        taken.push(await rig.measure(variant, language))
      } catch (error) {
        // It is told in its column, and the run goes on.
        onProgress(`failed: ${error instanceof Error ? error.message : String(error)}`)
        samples[language] = `failed in round ${round + 1}: ${shortReason(error)}`
      }
    }
  }
  return samples
}

/** What an error says in short: its first line, and what a program that failed has told. */
export function shortReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  const [first = '', ...rest] = message.split('\n')
  const told =
    rest.find((line) => /error|exception|panic|cannot/i.test(line)) ??
    rest.findLast((line) => line.trim() !== '')
  return told === undefined ? first : `${first} ... ${told.trim()}`
}

/** Runs the variants of a case, with the contenders taking turns, and ends all that was started. */
export async function runCase(
  bench: BenchCase,
  programs: Programs,
  rounds: number,
  onProgress: Progress,
): Promise<ReadonlyMap<Variant, VariantSamples>> {
  const results = new Map<Variant, VariantSamples>()
  await using rig = await bench.launch(programs)
  for (const variant of bench.variants) {
    const samples = await runVariant(rig, programs, variant, rounds, (message) => {
      onProgress(`${bench.name}/${variant.name}: ${message}`)
    })
    results.set(variant, samples)
  }
  return results
}
