// The benchmarks: ours, Java and Go side by side. Run: pnpm bench --help
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AeronToolingError } from '@x/aeron-tooling'
import type { BenchCase } from './bench-case.ts'
import { BENCH_CASES } from './bench-cases.ts'
import { BenchError } from './bench-error.ts'
import { describeMachine, machineMarkdown } from './machine.ts'
import type { Machine } from './machine.ts'
import { goalSummary, markdownTable } from './markdown.ts'
import { picturesOf } from './pictures.ts'
import { parseOptions, USAGE } from './options.ts'
import type { Options } from './options.ts'
import { rowsOf } from './results.ts'
import type { Row, VariantSamples } from './results.ts'
import { runCase, shortReason } from './run-case.ts'
import type { Progress } from './run-case.ts'
import { BuiltPrograms } from './toolchains/programs.ts'

/** A case with what it gave. */
interface CaseResult {
  readonly bench: BenchCase
  readonly rows: readonly Row[]
  readonly samples: Readonly<Record<string, VariantSamples>>
}

function listText(cases: readonly BenchCase[]): string {
  return cases
    .map(({ name, title, variants }) => [
      `${name}: ${title}`,
      ...variants.map((variant) => `  ${name}/${variant.name}`),
    ])
    .flat()
    .join('\n')
}

async function runAll(options: Options): Promise<readonly CaseResult[]> {
  const start = performance.now()
  const onProgress = (message: string): void => {
    console.error(`${((performance.now() - start) / 1_000).toFixed(0).padStart(4)} s  ${message}`)
  }
  onProgress('building the programs')
  using programs = await BuiltPrograms.build(options.profile)
  const results: CaseResult[] = []
  for (const bench of options.selected) {
    const samples = await runOrTell(bench, programs, options.rounds, onProgress)
    results.push({
      bench,
      rows: rowsOf(bench, samples),
      samples: Object.fromEntries([...samples].map(([variant, of]) => [variant.name, of])),
    })
  }
  return results
}

/** Runs a case; when not even its surroundings start, that is told in all columns. */
async function runOrTell(
  bench: BenchCase,
  programs: BuiltPrograms,
  rounds: number,
  onProgress: Progress,
): ReturnType<typeof runCase> {
  try {
    return await runCase(bench, programs, rounds, onProgress)
  } catch (error) {
    const reason = `failed: ${shortReason(error)}`
    onProgress(`${bench.name} ${reason}`)
    return new Map(bench.variants.map((variant) => [variant, { ours: reason, java: reason, go: reason }]))
  }
}

function report(machine: Machine, rounds: number, rows: readonly Row[]): string {
  return [
    machineMarkdown(machine),
    `- medians of ${rounds} rounds, in which the contenders take turns; ± is half the distance of the best and the worst round`,
    '',
    markdownTable(rows),
    '',
    goalSummary(rows),
    '',
  ].join('\n')
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), BENCH_CASES)
  if (options.help || options.list) {
    console.log(options.help ? USAGE : listText(BENCH_CASES))
    return
  }
  const machine = await describeMachine()
  const results = await runAll(options)
  const rows = results.flatMap((result) => result.rows)
  const text = report(machine, options.rounds, rows)
  console.log(text)
  // Ours must work; another that does not is told in its column.
  if (rows.some((row) => typeof row.figures.ours === 'string')) process.exitCode = 1
  if (options.markdown !== undefined) writeFileSync(options.markdown, text)
  if (options.json !== undefined) {
    const samples = Object.fromEntries(results.map(({ bench, samples: of }) => [bench.name, of]))
    writeFileSync(
      options.json,
      `${JSON.stringify({ machine, rounds: options.rounds, rows, samples }, undefined, 2)}\n`,
    )
  }
  if (options.svg !== undefined) writePictures(options.svg, results)
}

function writePictures(folder: string, results: readonly CaseResult[]): void {
  mkdirSync(folder, { recursive: true })
  for (const { bench, samples } of results) {
    for (const variant of bench.variants) {
      const of = samples[variant.name]
      if (of === undefined) continue
      const title = `${bench.name}/${variant.name}`
      for (const [name, svg] of picturesOf(title, of)) {
        writeFileSync(join(folder, `${bench.name}-${variant.name}-${name}.svg`), svg)
      }
    }
  }
}

try {
  await main()
} catch (error) {
  // What is missing on the machine, such as Java, is told by the tools that look for it.
  if (!(error instanceof BenchError || error instanceof AeronToolingError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
