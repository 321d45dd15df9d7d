import { LANGUAGES } from './bench-case.ts'
import type { BenchCase, Language, Programs, Rig, Sample, Variant } from './bench-case.ts'
import type { VariantSamples } from './results.ts'

/** Told in words what is being done. */
export type Progress = (message: string) => void

/** Why a contender of a variant has no turn, or undefined when it has. */
function whyAbsent(programs: Programs, variant: Variant, language: Language): string | undefined {
  return variant.absent?.[language] ?? programs.whyAbsent(language)
}

/** Variants that are measured in one turn. */
type Group = readonly [Variant, ...Variant[]]

/** Whether a variant has its turn with another. Who is absent, is so for all that are measured in one turn. */
function isWith(variant: Variant, other: Variant | undefined): boolean {
  return variant.group !== undefined && variant.group === other?.group && variant.absent === other.absent
}

function groupsOf(variants: readonly Variant[]): readonly Group[] {
  const groups: [Variant, ...Variant[]][] = []
  for (const variant of variants) {
    const last = groups.at(-1)
    if (last !== undefined && isWith(variant, last[0])) last.push(variant)
    else groups.push([variant])
  }
  return groups
}

async function takeTurn(rig: Rig, group: Group, language: Language): Promise<readonly Sample[]> {
  if (group.length > 1 && rig.measureGroup !== undefined) return rig.measureGroup(group, language)
  return [await rig.measure(group[0], language)]
}

async function runGroup(
  rig: Rig,
  programs: Programs,
  group: Group,
  rounds: number,
  onProgress: Progress,
): Promise<ReadonlyMap<Variant, VariantSamples>> {
  const results = new Map(
    group.map((variant): [Variant, Record<Language, Sample[] | string>] => {
      const start = (language: Language): Sample[] | string => whyAbsent(programs, variant, language) ?? []
      return [variant, { ours: start('ours'), java: start('java'), go: start('go') }]
    }),
  )
  const run = async (round: number, language: Language): Promise<void> => {
    onProgress(`round ${round + 1} of ${rounds}, ${language}`)
    try {
      const taken = await takeTurn(rig, group, language)
      for (const [index, sample] of taken.entries()) {
        const samples = results.get(group[index]!)?.[language]
        if (typeof samples === 'object') samples.push(sample)
      }
    } catch (error) {
      // It is told in its column, and the run goes on.
      onProgress(`failed: ${error instanceof Error ? error.message : String(error)}`)
      for (const samples of results.values()) {
        samples[language] = `failed in round ${round + 1}: ${shortReason(error)}`
      }
    }
  }
  for (let round = 0; round < rounds; round++) {
    // Whoever goes first in one round goes last in the next, so that no one always follows the same other.
    const order = round % 2 === 0 ? LANGUAGES : LANGUAGES.toReversed()
    for (const language of order) {
      if (typeof results.get(group[0])?.[language] !== 'string') await run(round, language)
    }
  }
  return results
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
  for (const group of groupsOf(bench.variants)) {
    const names = group.map((variant) => variant.name).join(', ')
    const samples = await runGroup(rig, programs, group, rounds, (message) => {
      onProgress(`${bench.name}/${names}: ${message}`)
    })
    for (const [variant, of] of samples) results.set(variant, of)
  }
  return results
}
