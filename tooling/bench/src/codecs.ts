// Encoding and decoding of one message side by side: our codecs, the reference's in Java, protobuf-es, msgpackr and JSON.
// Run: pnpm --filter @x/bench codecs [--rounds 5] [--json file]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findJava, launchJava, launchProgram, SBE_ARTIFACT } from '@x/aeron-tooling'
import { type CodecTimes, measureInTurns, type StartContender } from './codec-turns.ts'
import { INLINING_FLAGS } from './inlining.ts'
import { buildJavaCodecs } from './toolchains/codec-programs.ts'
import { JVM_FLAGS } from './toolchains/java-programs.ts'
import { AS_APPLICATIONS, bundle } from './toolchains/node-programs.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

interface Row extends CodecTimes {
  readonly name: string
  /** Times as fast as Java is, with strings or with bytes. */
  readonly encodeOfJava: number
  readonly decodeOfJava: number
}

/** One line of the comparison. */
interface Contender {
  readonly name: string
  readonly start: StartContender
  /** The line of Java that has the same to do. */
  readonly reference: string
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number
}

function medianSample(samples: readonly CodecTimes[]): CodecTimes {
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
  // In a folder that finds the packages that stay outside of the bundle.
  const bundled = join(ROOT, 'dist', `codecs-${process.pid}`)
  try {
    await bundle({ program: join(ROOT, 'src/program.ts') }, bundled, AS_APPLICATIONS)
    const contenders = contendersOf(join(bundled, 'program.js'), await buildJavaCodecs(folder))
    const starts = new Map(contenders.map(({ name, start }) => [name, start]))
    const samples = new Map(contenders.map(({ name }): [string, CodecTimes[]] => [name, []]))
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const [name, times] of await measureInTurns(starts)) {
        if (times instanceof Error) throw times
        samples.get(name)!.push(times)
      }
    }
    const medianOf = (name: string): CodecTimes => medianSample(samples.get(name)!)
    const rows = contenders.map(({ name, reference }): Row => {
      const times = medianOf(name)
      const java = medianOf(reference)
      return {
        name,
        ...times,
        encodeOfJava: java.encodeNs / times.encodeNs,
        decodeOfJava: java.decodeNs / times.decodeNs,
      }
    })
    const machine = {
      node: process.version,
      java: (await findJava()).version,
      sbe: SBE_ARTIFACT.version,
      cpu: cpus()[0]?.model,
      cores: cpus().length,
    }
    const told = { machine, rounds: Number(values.rounds), rows, samples: Object.fromEntries(samples) }
    const json = JSON.stringify(told, undefined, 2)
    console.log(`${table(rows)}\n\n${json}`)
    if (values.json !== undefined) writeFileSync(values.json, json)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    rmSync(bundled, { recursive: true, force: true })
  }
}

function contendersOf(program: string, classPath: readonly string[]): readonly Contender[] {
  const node =
    (name: string, flags: readonly string[] = []): StartContender =>
    async (limits) =>
      launchProgram(process.execPath, { name, args: [...flags, program, name, ...limits], input: true })
  const java =
    (text: string): StartContender =>
    async (limits) =>
      launchJava('CodecBench', { args: [...limits, text], classPath, jvmFlags: JVM_FLAGS, input: true })
  const strings = 'Java, SBE'
  const bytes = 'Java, SBE, text as bytes'
  return [
    { name: strings, start: java('strings'), reference: strings },
    { name: 'ours, 64-bit as number', start: node('numbers'), reference: strings },
    { name: 'ours, more inlined', start: node('numbers', INLINING_FLAGS), reference: strings },
    { name: 'ours, 64-bit as bigint', start: node('bigints'), reference: strings },
    { name: 'by hand', start: node('by-hand'), reference: strings },
    { name: 'protobuf-es', start: node('protobuf'), reference: strings },
    { name: 'msgpackr', start: node('msgpackr'), reference: strings },
    { name: 'JSON', start: node('json'), reference: strings },
    { name: bytes, start: java('bytes'), reference: bytes },
    { name: 'ours, 64-bit as number, text as bytes', start: node('bytes'), reference: bytes },
    { name: 'ours, text as bytes, more inlined', start: node('bytes', INLINING_FLAGS), reference: bytes },
    { name: 'by hand, text as bytes', start: node('by-hand-bytes'), reference: bytes },
  ]
}

await main()
