// Encoding and decoding of one message side by side: our codecs, the reference's in Java, protobuf-es, msgpackr and JSON.
// Run: pnpm bench codecs [--rounds 5] [--json file]
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findJava, mavenJar, runJava, SBE_ARTIFACT } from '@x/aeron-tooling'
import { build } from 'tsup'
import { INLINING_FLAGS } from './inlining.ts'

const COUNT = 50_000
const BATCHES = 21
const WARM_UP_MS = 1_500
const LIMITS = [COUNT, BATCHES, WARM_UP_MS].map(String)
// Of a server, as users run it.
const JVM_FLAGS = ['-Xms256m', '-Xmx256m', '-XX:+UseParallelGC']

/** What one process measured; times are those of its fastest batches. */
interface Sample {
  readonly bytes: number
  readonly encodeNs: number
  readonly decodeNs: number
}

interface Row extends Sample {
  readonly name: string
  /** Times as fast as Java is, with strings or with bytes. */
  readonly encodeOfJava: number
  readonly decodeOfJava: number
}

/** One line of the comparison. */
interface Contender {
  readonly name: string
  readonly measure: () => Promise<Sample>
  /** Index of the line of Java that has the same to do. */
  readonly reference: number
}

const root = fileURLToPath(new URL('..', import.meta.url))

/** The program as users run it: bundled JavaScript. In a folder that finds the packages that stay outside. */
async function bundle(): Promise<string> {
  await build({
    entry: [join(root, 'src/program.ts')],
    outDir: join(root, 'dist'),
    format: ['esm'],
    platform: 'node',
    target: 'node20.19',
    noExternal: [/^@x\//],
    esbuildOptions: (options) => {
      options.conditions = ['@x/source']
    },
    config: false,
    silent: true,
  })
  return join(root, 'dist/program.js')
}

/** Generates and compiles the Java program; its class path. */
async function compileJava(folder: string): Promise<readonly string[]> {
  const jar = await mavenJar(SBE_ARTIFACT)
  const sources = join(folder, 'java')
  const classes = join(folder, 'classes')
  mkdirSync(sources)
  const { code, output } = await runJava('uk.co.real_logic.sbe.SbeTool', {
    args: [join(root, 'schema/order.xml')],
    classPath: [jar],
    properties: { 'sbe.output.dir': sources },
  })
  if (code !== 0) throw new Error(`Cannot generate the Java codecs: the tool ended with ${code}\n${output}`)
  const javac = join(dirname((await findJava()).path), 'javac')
  const files = readdirSync(join(sources, 'bench')).map((name) => join(sources, 'bench', name))
  const program = join(root, 'java/CodecBench.java')
  execFileSync(javac, ['-nowarn', '-cp', jar, '-d', classes, program, ...files])
  return [classes, jar]
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}

function medianSample(samples: readonly Sample[]): Sample {
  return {
    bytes: samples[0]?.bytes ?? 0,
    encodeNs: median(samples.map(({ encodeNs }) => encodeNs)),
    decodeNs: median(samples.map(({ decodeNs }) => decodeNs)),
  }
}

function table(rows: readonly Row[]): string {
  const times = (value: number): string => `${value.toFixed(2)} ×`
  const line = (row: Row): string =>
    `| ${row.name} | ${row.bytes} | ${row.encodeNs.toFixed(0)} | ${times(row.encodeOfJava)} | ${row.decodeNs.toFixed(0)} | ${times(row.decodeOfJava)} |`
  return [
    '| | bytes | encode, ns | of Java’s throughput | decode, ns | of Java’s throughput |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows.map(line),
  ].join('\n')
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(2).filter((arg) => arg !== '--'),
    options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' } },
  })
  const folder = mkdtempSync(join(tmpdir(), 'bench-codecs-'))
  try {
    const program = await bundle()
    const classPath = await compileJava(folder)
    const node =
      (name: string, flags: readonly string[] = []) =>
      async (): Promise<Sample> => {
        const args = [...flags, program, name, ...LIMITS]
        return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Sample
      }
    const java = (text: string) => async (): Promise<Sample> => {
      const args = [...LIMITS, text]
      const { output } = await runJava('CodecBench', { args, classPath, jvmFlags: JVM_FLAGS })
      return JSON.parse(output.slice(output.indexOf('{'))) as Sample
    }
    const contenders: readonly Contender[] = [
      { name: 'Java, SBE', measure: java('strings'), reference: 0 },
      { name: 'ours, 64-bit as number', measure: node('numbers'), reference: 0 },
      { name: 'ours, more inlined', measure: node('numbers', INLINING_FLAGS), reference: 0 },
      { name: 'ours, 64-bit as bigint', measure: node('bigints'), reference: 0 },
      { name: 'by hand', measure: node('by-hand'), reference: 0 },
      { name: 'protobuf-es', measure: node('protobuf'), reference: 0 },
      { name: 'msgpackr', measure: node('msgpackr'), reference: 0 },
      { name: 'JSON', measure: node('json'), reference: 0 },
      { name: 'Java, SBE, text as bytes', measure: java('bytes'), reference: 8 },
      { name: 'ours, 64-bit as number, text as bytes', measure: node('bytes'), reference: 8 },
      { name: 'ours, text as bytes, more inlined', measure: node('bytes', INLINING_FLAGS), reference: 8 },
      { name: 'by hand, text as bytes', measure: node('by-hand-bytes'), reference: 8 },
    ]
    const samples = contenders.map((): Sample[] => [])
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [index, { measure }] of contenders.entries()) samples[index]?.push(await measure())
    }
    const medians = samples.map(medianSample)
    const rows = contenders.map(({ name, reference }, index): Row => {
      const sample = medians[index] as Sample
      const java = medians[reference] as Sample
      return {
        name,
        ...sample,
        encodeOfJava: java.encodeNs / sample.encodeNs,
        decodeOfJava: java.decodeNs / sample.decodeNs,
      }
    })
    const machine = {
      node: process.version,
      java: (await findJava()).version,
      sbe: SBE_ARTIFACT.version,
      cpu: cpus()[0]?.model,
      cores: cpus().length,
    }
    const json = JSON.stringify(
      { machine, rounds: Number(values.rounds), count: COUNT, rows, samples },
      undefined,
      2,
    )
    console.log(`${table(rows)}\n\n${json}`)
    if (values.json !== undefined) writeFileSync(values.json, json)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

await main()
