import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchJava, launchProgram, RunDirectory } from '@x/aeron-tooling'
import type { BenchCase, Language, Programs, Rig, Sample } from '../bench-case.ts'
import { LANGUAGES } from '../bench-case.ts'
import { type CodecTimes, measureInTurns, type StartContender } from '../codec-turns.ts'
import { INLINING_FLAGS } from '../inlining.ts'
import { buildGoCodecs, buildJavaCodecs } from '../toolchains/codec-programs.ts'
import { JVM_FLAGS } from '../toolchains/java-programs.ts'
import { AS_APPLICATIONS, bundle } from '../toolchains/node-programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

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

/** The name of a contender: what is measured, of a language. */
function contenderOf(language: Language, kind: Kind): string {
  return `${language} ${language === 'ours' ? kind.key : kind.others}`
}

/** The programs of the three languages, built when first started. All languages are measured in one turn; each is then given its part of it. */
class CodecRig implements Rig {
  readonly #directory = RunDirectory.create('bench-codecs')
  readonly #contenders: ReadonlyMap<string, StartContender>
  #round: Promise<ReadonlyMap<string, CodecTimes | Error>> | undefined
  /** Who has had its part of the round. */
  readonly #taken = new Set<Language>()
  #nodeProgram: string | undefined
  #javaClassPath: readonly string[] | undefined
  #goProgram: string | undefined

  constructor(programs: Programs) {
    const present = LANGUAGES.filter((language) => programs.whyAbsent(language) === undefined)
    this.#contenders = new Map(
      KINDS.flatMap((kind) =>
        present.map((language): [string, StartContender] => [
          contenderOf(language, kind),
          async (limits) => this.#start(language, kind, limits),
        ]),
      ),
    )
  }

  async measure(_variant: unknown, language: Language): Promise<Sample> {
    if (this.#round === undefined || this.#taken.has(language)) {
      this.#taken.clear()
      this.#round = measureInTurns(this.#contenders)
    }
    this.#taken.add(language)
    const round = await this.#round
    const values: Record<string, number> = {}
    for (const kind of KINDS) {
      const times = round.get(contenderOf(language, kind))!
      if (times instanceof Error) throw times
      values[`${kind.key}.encode`] = 1e3 / times.encodeNs
      values[`${kind.key}.decode`] = 1e3 / times.decodeNs
    }
    return { values }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#directory.remove()
  }

  async #start(language: Language, kind: Kind, limits: readonly string[]): ReturnType<StartContender> {
    switch (language) {
      case 'ours':
        return this.#startOurs(kind, limits)
      case 'java':
        return this.#startJava(kind, limits)
      case 'go':
        return this.#startGo(kind, limits)
    }
  }

  async #startOurs({ key, ours, nodeFlags }: Kind, limits: readonly string[]): ReturnType<StartContender> {
    if (this.#nodeProgram === undefined) {
      const folder = join(ROOT, 'dist', `codecs-${process.pid}`)
      this.#directory.alsoRemove(folder)
      await bundle({ program: join(ROOT, 'src/program.ts') }, folder, AS_APPLICATIONS)
      this.#nodeProgram = join(folder, 'program.js')
    }
    const args = [...nodeFlags, this.#nodeProgram, ours, ...limits]
    return launchProgram(process.execPath, { name: `codecs-${key}`, args, input: true })
  }

  async #startJava({ others }: Kind, limits: readonly string[]): ReturnType<StartContender> {
    this.#javaClassPath ??= await buildJavaCodecs(this.#directory.path)
    return launchJava('CodecBench', {
      args: [...limits, others],
      classPath: this.#javaClassPath,
      jvmFlags: JVM_FLAGS,
      input: true,
    })
  }

  async #startGo({ others }: Kind, limits: readonly string[]): ReturnType<StartContender> {
    this.#goProgram ??= await buildGoCodecs(this.#directory.path)
    return launchProgram(this.#goProgram, { name: 'codecs-go', args: [...limits, others], input: true })
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
  launch: async (programs) => Promise.resolve(new CodecRig(programs)),
}
