import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchJava, launchProgram, RunDirectory } from '@x/aeron-tooling'
import type { JavaProgram } from '@x/aeron-tooling'
import type { Language, Params, Programs, RunningProgram, Sample } from '../bench-case.ts'
import { BenchError } from '../bench-error.ts'
import { buildGoPrograms } from './go-programs.ts'
import { buildJavaPrograms, javaClassName, JVM_FLAGS } from './java-programs.ts'
import { buildNodePrograms, NODE_FLAGS } from './node-programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const RESULT_TIMEOUT_MS = 60_000

/** The last line of JSON in the output of a program. */
export function parseResult(name: string, output: string): Sample {
  const line = output
    .trimEnd()
    .split('\n')
    .findLast((text) => text.startsWith('{'))
  if (line === undefined) {
    throw new BenchError(`Cannot use ${name}: it must print a line of JSON, its output is "${output.trim()}"`)
  }
  return JSON.parse(line) as Sample
}

class BenchProgram implements RunningProgram {
  readonly startedAtMs: number
  readonly #program: JavaProgram

  constructor(program: JavaProgram, startedAtMs: number) {
    this.#program = program
    this.startedAtMs = startedAtMs
  }

  async result(timeoutMs: number = RESULT_TIMEOUT_MS): Promise<Sample> {
    const { code, signal } = await this.#program.waitForExit(timeoutMs)
    const { name, output } = this.#program
    if (code !== 0) {
      throw new BenchError(`Cannot measure ${name}: it ended with ${signal ?? `code ${code}`}\n${output}`)
    }
    return parseResult(name, output)
  }

  async waitForOutput(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray> {
    return this.#program.waitForOutput(pattern, timeoutMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.close()
  }
}

/** The programs of all languages, built into folders that go away with this object. */
export class BuiltPrograms implements Programs, Disposable {
  readonly #directory: RunDirectory
  /** Of Node.js, for our programs. */
  readonly #nodeFlags: readonly string[]
  readonly #nodeFolder: string
  readonly #goFolder: string
  readonly javaClasses: string
  #whyNoGo: string | undefined

  private constructor(profileFolder: string | undefined) {
    const profile =
      profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${resolve(profileFolder)}`]
    this.#nodeFlags = [...NODE_FLAGS, ...profile]
    this.#directory = RunDirectory.create('bench')
    const { path } = this.#directory
    this.#nodeFolder = join(ROOT, 'dist', `programs-${process.pid}`)
    this.#directory.alsoRemove(this.#nodeFolder)
    this.javaClasses = join(path, 'java')
    this.#goFolder = join(path, 'go')
  }

  /** Builds all of them; those in Go may be missing. Profiles of ours go to `profileFolder`, where it is given. */
  static async build(profileFolder?: string): Promise<BuiltPrograms> {
    const programs = new BuiltPrograms(profileFolder)
    try {
      mkdirSync(programs.#goFolder)
      await buildNodePrograms(join(ROOT, 'programs/node'), programs.#nodeFolder)
      await buildJavaPrograms(join(ROOT, 'programs/java'), programs.javaClasses)
      const work = join(programs.#directory.path, 'go-sources')
      programs.#whyNoGo = buildGoPrograms(join(ROOT, 'programs/go'), work, programs.#goFolder)
      return programs
    } catch (error) {
      programs[Symbol.dispose]()
      throw error
    }
  }

  whyAbsent(language: Language): string | undefined {
    return language === 'go' ? this.#whyNoGo : undefined
  }

  async start(language: Language, name: string, params: Params): Promise<RunningProgram> {
    const startedAtMs = Date.now()
    const args = Object.entries(params).map(([key, value]) => `${key}=${value}`)
    return new BenchProgram(await this.#launch(language, name, args), startedAtMs)
  }

  async #launch(language: Language, name: string, args: readonly string[]): Promise<JavaProgram> {
    const fullName = `${language}-${name}`
    switch (language) {
      case 'ours': {
        const script = join(this.#nodeFolder, `${name}.js`)
        return launchProgram(process.execPath, {
          name: fullName,
          args: [...this.#nodeFlags, script, ...args],
        })
      }
      case 'java':
        return launchJava(javaClassName(name), {
          name: fullName,
          args,
          classPath: [this.javaClasses],
          jvmFlags: JVM_FLAGS,
        })
      case 'go':
        return launchProgram(join(this.#goFolder, name), { name: fullName, args })
    }
  }

  [Symbol.dispose](): void {
    this.#directory.remove()
  }
}
