import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { BenchCase, Language, Sample } from '../bench-case.ts'
import { BenchError } from '../bench-error.ts'

const PROGRAM = fileURLToPath(new URL('../codecs.ts', import.meta.url))

/** What codecs.ts writes of one contender. */
interface CodecRow {
  readonly name: string
  readonly encodeNs: number
  readonly decodeNs: number
}

const GO_ABSENT = 'the Go codecs that the tool of SBE generates are not measured'

/** One turn of all contenders of codecs.ts, which measures them side by side itself. */
async function measureAll(): Promise<readonly CodecRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-codecs-'))
  try {
    const file = join(folder, 'codecs.json')
    const args = ['--import', import.meta.resolve('tsx'), PROGRAM, '--rounds', '1', '--json', file]
    await promisify(execFile)(process.execPath, args)
    return (JSON.parse(readFileSync(file, 'utf8')) as { rows: readonly CodecRow[] }).rows
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function sampleOf(rows: readonly CodecRow[], start: string): Record<string, number> {
  const row = rows.find(({ name }) => name.startsWith(start))
  if (row === undefined) {
    throw new BenchError(`Cannot read the result of codecs.ts: no name of a row starts with "${start}"`)
  }
  return { encode: 1e3 / row.encodeNs, decode: 1e3 / row.decodeNs }
}

function prefixed(prefix: string, values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value]))
}

/** Our codecs and those of the reference; `pnpm --filter @x/bench codecs` shows other encodings beside them. */
export const codecs: BenchCase = {
  name: 'codecs',
  title: 'SBE codecs: one order with groups and variable-length data',
  variants: [
    {
      name: 'order',
      metrics: ['numbers', 'bigints'].flatMap((kind) =>
        ['encode', 'decode'].map((what) => ({
          key: `${kind}.${what}`,
          title: `${what}, 64-bit fields as ${kind}`,
          unit: 'million messages/s',
          better: 'more' as const,
          goals: { java: 0.5, go: 1 },
        })),
      ),
      absent: { go: GO_ABSENT },
    },
  ],
  launch: async () => {
    let rows: readonly CodecRow[] = []
    const taken = new Set<Language>()
    return {
      measure: async (_variant, language): Promise<Sample> => {
        // One run of codecs.ts serves the turns of all languages in a round.
        if (rows.length === 0 || taken.has(language)) {
          rows = await measureAll()
          taken.clear()
        }
        taken.add(language)
        const names =
          language === 'java' ? ['Java', 'Java'] : ['ours, 64-bit as number', 'ours, 64-bit as bigint']
        return {
          values: {
            ...prefixed('numbers', sampleOf(rows, names[0] as string)),
            ...prefixed('bigints', sampleOf(rows, names[1] as string)),
          },
        }
      },
      [Symbol.asyncDispose]: async () => {},
    }
  },
}
