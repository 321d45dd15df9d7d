import { parseArgs } from 'node:util'
import type { BenchCase } from './bench-case.ts'
import { BenchError } from './bench-error.ts'

/** Turns of each contender unless told otherwise: a median of fewer is not worth printing. */
const DEFAULT_ROUNDS = 5
const MOST_ROUNDS = 100

/** What the command line asks for. */
export interface Options {
  /** Cases to run, each with the variants to run; all of them when none is named. */
  readonly selected: readonly BenchCase[]
  readonly rounds: number
  readonly json: string | undefined
  readonly markdown: string | undefined
  readonly svg: string | undefined
  readonly profile: string | undefined
  readonly list: boolean
  readonly help: boolean
}

/** The text of --help. */
export const USAGE: string = `Usage: pnpm bench [NAME...] [options]

Measures ours, Java and Go side by side, and prints a table with ratios. NAME is a case, such as ipc-throughput, or a part
of one, such as ipc-throughput/claim; without NAME all cases run.

  --rounds N       turns of each contender, from which medians are taken; ${DEFAULT_ROUNDS} by default
  --json FILE      write all samples, ratios and versions
  --markdown FILE  write the table
  --svg FOLDER     write a picture of each latency histogram
  --profile FOLDER write a CPU profile of each of our processes, which costs a little speed
  --list           print the names of cases and variants
  --help           print this

AERON_GO_DIR names a checkout of github.com/lirm/aeron-go to build the Go programs with, in place of the module proxy.`

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: argv.filter((arg) => arg !== '--'),
      allowPositionals: true,
      options: {
        rounds: { type: 'string' },
        json: { type: 'string' },
        markdown: { type: 'string' },
        svg: { type: 'string' },
        profile: { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw new BenchError(`Cannot read the command: ${(error as Error).message}\n\n${USAGE}`, { cause: error })
  }
}

function parseRounds(text: string | undefined): number {
  if (text === undefined) return DEFAULT_ROUNDS
  const rounds = Number(text)
  if (/^\d+$/.test(text) && rounds >= 1 && rounds <= MOST_ROUNDS) return rounds
  throw new BenchError(
    `Cannot run the benchmarks: --rounds must be a whole number from 1 to ${MOST_ROUNDS}, current value is "${text}"`,
  )
}

/** The cases that the names select, in the order of `cases`, each with its selected variants. */
function select(cases: readonly BenchCase[], names: readonly string[]): readonly BenchCase[] {
  if (names.length === 0) return cases
  const matches = (name: string, full: string): boolean => full === name || full.startsWith(`${name}-`)
  const variantMatches = (name: string, { name: caseName }: BenchCase, variant: string): boolean =>
    name === caseName || (name.startsWith(`${caseName}/`) && matches(name, `${caseName}/${variant}`))
  for (const name of names) {
    const isKnown = cases.some((one) =>
      one.variants.some((variant) => variantMatches(name, one, variant.name)),
    )
    if (isKnown) continue
    throw new BenchError(
      `Cannot run ${name}: NAME must be one of ${cases.map((one) => one.name).join(', ')}, or such a name with a part of it; see --list`,
    )
  }
  return cases
    .map((one) => ({
      ...one,
      variants: one.variants.filter((variant) =>
        names.some((name) => variantMatches(name, one, variant.name)),
      ),
    }))
    .filter((one) => one.variants.length > 0)
}

/**
 * Reads the command line.
 *
 * @throws BenchError for an unknown name or option, or a number out of bounds
 */
export function parseOptions(argv: readonly string[], cases: readonly BenchCase[]): Options {
  const { values, positionals } = parse(argv)
  const { json, markdown, svg, profile, list, help } = values
  return {
    selected: select(cases, positionals),
    rounds: parseRounds(values.rounds),
    json,
    markdown,
    svg,
    profile,
    list,
    help,
  }
}
