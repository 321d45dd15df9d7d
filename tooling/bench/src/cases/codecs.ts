import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runJava, RunDirectory } from '@x/aeron-tooling'
import type { BenchCase, Language, Rig, Sample } from '../bench-case.ts'
import { INLINING_FLAGS } from '../inlining.ts'
import { buildGoCodecs, buildJavaCodecs } from '../toolchains/codec-programs.ts'
import { JVM_FLAGS } from '../toolchains/java-programs.ts'
import { AS_APPLICATIONS, bundle } from '../toolchains/node-programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Messages in a batch, enough for a collection in each; batches, of which the fastest counts; milliseconds of warm-up. */
const LIMITS = ['50000', '15', '800']

/** A way to use our codecs, and what the other languages are asked for beside it. */
interface Kind {
  readonly key: string
  readonly title: string
  /** Name of the contender in our program. */
  readonly ours: string
  readonly nodeFlags: readonly string[]
  readonly others: 'strings' | 'bytes'
}

/**
 * What we are measured with: 64-bit fields as numbers or bigints, both compared with the only kind of the others, and text as bytes in
 * place of strings, by all of them.
 */
const KINDS: readonly Kind[] = [
  { key: 'numbers', title: '64-bit fields as numbers', ours: 'numbers', nodeFlags: [], others: 'strings' },
  {
    key: 'numbers-inlined',
    title: '64-bit fields as numbers, more inlined',
    ours: 'numbers',
    nodeFlags: INLINING_FLAGS,
    others: 'strings',
  },
  { key: 'bigints', title: '64-bit fields as bigints', ours: 'bigints', nodeFlags: [], others: 'strings' },
  {
    key: 'bytes',
    title: '64-bit fields as numbers, text as bytes',
    ours: 'bytes',
    nodeFlags: [],
    others: 'bytes',
  },
  {
    key: 'bytes-inlined',
    title: '64-bit fields as numbers, text as bytes, more inlined',
    ours: 'bytes',
    nodeFlags: INLINING_FLAGS,
    others: 'bytes',
  },
]

/** What every program prints: its fastest batches. */
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
      const what = language === 'ours' ? kind.key : kind.others
      const times = known.get(what) ?? (await this.#times(language, kind))
      known.set(what, times)
      values[`${kind.key}.encode`] = 1e3 / times.encodeNs
      values[`${kind.key}.decode`] = 1e3 / times.decodeNs
    }
    return { values }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#directory.remove()
  }

  async #times(language: Language, kind: Kind): Promise<Times> {
    switch (language) {
      case 'ours':
        return this.#measureOurs(kind)
      case 'java':
        return this.#measureJava(kind.others)
      case 'go':
        return this.#measureGo(kind.others)
    }
  }

  async #measureOurs({ ours, nodeFlags }: Kind): Promise<Times> {
    if (this.#nodeProgram === undefined) {
      const folder = join(ROOT, 'dist', `codecs-${process.pid}`)
      this.#directory.alsoRemove(folder)
      await bundle({ program: join(ROOT, 'src/program.ts') }, folder, AS_APPLICATIONS)
      this.#nodeProgram = join(folder, 'program.js')
    }
    const args = [...nodeFlags, this.#nodeProgram, ours, ...LIMITS]
    const { stdout } = await promisify(execFile)(process.execPath, args)
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
          key: `${kind.key}.${what}`,
          title: `${what}, ${kind.title}`,
          unit: 'million messages/s',
          better: 'more' as const,
          goals: { java: 0.5, go: 1 },
        })),
      ),
    },
  ],
  launch: async () => Promise.resolve(new CodecRig()),
}
