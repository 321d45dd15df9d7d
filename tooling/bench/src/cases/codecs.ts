import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { RunDirectory } from '@x/aeron-tooling'
import type { BenchCase, Language, Rig, Sample } from '../bench-case.ts'
import { BenchError } from '../bench-error.ts'
import { buildGoCodecs } from '../toolchains/go-codecs.ts'

const PROGRAM = fileURLToPath(new URL('../codecs.ts', import.meta.url))
/** As codecs.ts measures the others: messages in a batch, batches, milliseconds of warm-up. */
const LIMITS = ['20000', '21', '1500']

/** What codecs.ts writes of one contender. */
interface CodecRow {
  readonly name: string
  readonly encodeNs: number
  readonly decodeNs: number
}

/** Kinds of 64-bit fields, with the beginning of our row. The others have but one kind, which both are compared with. */
const KINDS = [
  ['numbers', 'ours, 64-bit as number'],
  ['bigints', 'ours, 64-bit as bigint'],
] as const

function sampleOf(rowOf: (start: string) => Omit<CodecRow, 'name'>): Sample {
  const values: Record<string, number> = {}
  for (const [kind, start] of KINDS) {
    const { encodeNs, decodeNs } = rowOf(start)
    values[`${kind}.encode`] = 1e3 / encodeNs
    values[`${kind}.decode`] = 1e3 / decodeNs
  }
  return { values }
}

/** The contenders of codecs.ts, which measures all of them side by side itself, and Go beside them. */
class CodecRig implements Rig {
  readonly #directory = RunDirectory.create('bench-codecs')
  readonly #taken = new Set<Language>()
  #rows: readonly CodecRow[] = []
  #goProgram: string | undefined

  async measure(_variant: unknown, language: Language): Promise<Sample> {
    if (language === 'go') return this.#measureGo()
    // One run of codecs.ts serves the turns of both in a round.
    if (this.#rows.length === 0 || this.#taken.has(language)) {
      this.#rows = await this.#measureAll()
      this.#taken.clear()
    }
    this.#taken.add(language)
    return sampleOf((start) => this.#row(language === 'java' ? 'Java' : start))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#directory.remove()
  }

  async #measureAll(): Promise<readonly CodecRow[]> {
    const file = join(this.#directory.path, 'codecs.json')
    const args = ['--import', import.meta.resolve('tsx'), PROGRAM, '--rounds', '1', '--json', file]
    await promisify(execFile)(process.execPath, args)
    return (JSON.parse(readFileSync(file, 'utf8')) as { rows: readonly CodecRow[] }).rows
  }

  async #measureGo(): Promise<Sample> {
    this.#goProgram ??= await buildGoCodecs(this.#directory.path)
    const { stdout } = await promisify(execFile)(this.#goProgram, LIMITS)
    const row = JSON.parse(stdout) as CodecRow
    return sampleOf(() => row)
  }

  #row(start: string): CodecRow {
    const row = this.#rows.find(({ name }) => name.startsWith(start))
    if (row !== undefined) return row
    throw new BenchError(`Cannot read the result of codecs.ts: no name of a row starts with "${start}"`)
  }
}

/**
 * Our codecs and those that SBE's tool generates for Java and Go; `pnpm --filter @x/bench codecs` shows other encodings beside
 * them.
 */
export const codecs: BenchCase = {
  name: 'codecs',
  title: 'SBE codecs: one order with groups and variable-length data',
  variants: [
    {
      name: 'order',
      metrics: KINDS.flatMap(([kind]) =>
        ['encode', 'decode'].map((what) => ({
          key: `${kind}.${what}`,
          title: `${what}, 64-bit fields as ${kind}`,
          unit: 'million messages/s',
          better: 'more' as const,
          goals: { java: 0.5, go: 1 },
        })),
      ),
    },
  ],
  launch: async () => Promise.resolve(new CodecRig()),
}
