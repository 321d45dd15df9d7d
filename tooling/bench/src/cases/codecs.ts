import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runJava, RunDirectory } from '@x/aeron-tooling'
import type { BenchCase, Language, Rig, Sample } from '../bench-case.ts'
import { buildGoCodecs, buildJavaCodecs } from '../toolchains/codec-programs.ts'
import { JVM_FLAGS } from '../toolchains/java-programs.ts'
import { bundle } from '../toolchains/node-programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Messages in a batch, batches, milliseconds of warm-up. */
const LIMITS = ['20000', '11', '800']

/**
 * What we are measured with: 64-bit fields as numbers or bigints, both compared with the only kind of the others, and text as bytes in
 * place of strings, by all of them.
 */
const KINDS = ['numbers', 'bigints', 'bytes'] as const
type Kind = (typeof KINDS)[number]

const TITLES: Readonly<Record<Kind, string>> = {
  numbers: '64-bit fields as numbers',
  bigints: '64-bit fields as bigints',
  bytes: '64-bit fields as numbers, text as bytes',
}

/** What every program prints: the medians of its batches. */
interface Times {
  readonly encodeNs: number
  readonly decodeNs: number
}

/** The programs of the three languages, built when their first turn comes. */
class CodecRig implements Rig {
  readonly #directory = RunDirectory.create('bench-codecs')
  #nodeProgram: string | undefined
  #javaClassPath: readonly string[] | undefined
  #goProgram: string | undefined

  async measure(_variant: unknown, language: Language): Promise<Sample> {
    const values: Record<string, number> = {}
    const known = new Map<string, Times>()
    for (const kind of KINDS) {
      const what = language === 'ours' ? kind : kind === 'bytes' ? 'bytes' : 'strings'
      const times = known.get(what) ?? (await this.#times(language, what))
      known.set(what, times)
      values[`${kind}.encode`] = 1e3 / times.encodeNs
      values[`${kind}.decode`] = 1e3 / times.decodeNs
    }
    return { values }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#directory.remove()
  }

  async #times(language: Language, what: string): Promise<Times> {
    switch (language) {
      case 'ours':
        return this.#measureOurs(what)
      case 'java':
        return this.#measureJava(what)
      case 'go':
        return this.#measureGo(what)
    }
  }

  async #measureOurs(kind: string): Promise<Times> {
    if (this.#nodeProgram === undefined) {
      const folder = join(ROOT, 'dist', `codecs-${process.pid}`)
      this.#directory.alsoRemove(folder)
      await bundle({ program: join(ROOT, 'src/program.ts') }, folder)
      this.#nodeProgram = join(folder, 'program.js')
    }
    const { stdout } = await promisify(execFile)(process.execPath, [this.#nodeProgram, kind, ...LIMITS])
    return JSON.parse(stdout) as Times
  }

  async #measureJava(text: string): Promise<Times> {
    this.#javaClassPath ??= await buildJavaCodecs(this.#directory.path)
    const { output } = await runJava('CodecBench', {
      args: [...LIMITS, text],
      classPath: this.#javaClassPath,
      jvmFlags: JVM_FLAGS,
    })
    return JSON.parse(output.slice(output.indexOf('{'))) as Times
  }

  async #measureGo(text: string): Promise<Times> {
    this.#goProgram ??= await buildGoCodecs(this.#directory.path)
    const { stdout } = await promisify(execFile)(this.#goProgram, [...LIMITS, text])
    return JSON.parse(stdout) as Times
  }
}

/** Our codecs and those that SBE's tool generates for Java and Go; codecs.ts shows other encodings beside them. */
export const codecs: BenchCase = {
  name: 'codecs',
  title: 'SBE codecs: one order with groups and variable-length data',
  variants: [
    {
      name: 'order',
      metrics: KINDS.flatMap((kind) =>
        ['encode', 'decode'].map((what) => ({
          key: `${kind}.${what}`,
          title: `${what}, ${TITLES[kind]}`,
          unit: 'million messages/s',
          better: 'more' as const,
          goals: { java: 0.5, go: 1 },
        })),
      ),
    },
  ],
  launch: async () => Promise.resolve(new CodecRig()),
}
