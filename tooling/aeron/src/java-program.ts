import { startJava } from './java-command.ts'
import type { JavaOptions } from './java-command.ts'
import type { JavaExit, JavaProcess } from './java-process.ts'
import { poll } from './poll.ts'
import { RunDirectory } from './run-directory.ts'

/** Ours: JVMs start slowly where many do so on two busy cores. */
const OUTPUT_TIMEOUT_MS = 30_000
const EXIT_TIMEOUT_MS = 60_000

/** Options of {@link launchJava}. */
export interface LaunchJavaOptions extends JavaOptions {
  /** Arguments of the main class. */
  readonly args?: readonly string[] | undefined
  /** Shorthand for the property `aeron.dir`. @default a directory of its own, removed with the program */
  readonly aeronDirectory?: string | undefined
  /** Further files and folders that it makes, removed after its end. */
  readonly temporaryPaths?: readonly string[] | undefined
  /** For messages and the log. @default the simple name of the class */
  readonly name?: string | undefined
  /** True to be able to `write` to its standard input, which is empty otherwise. @default false */
  readonly input?: boolean | undefined
}

/** A program of Aeron's jar, running or ended. */
export class JavaProgram implements AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly logPath: string
  /** Settles when it has ended, with its exit code or signal. */
  readonly exited: Promise<JavaExit>
  readonly #process: JavaProcess
  readonly #runDirectory: RunDirectory
  #finalOutput: string | undefined

  /** @internal */
  constructor(process: JavaProcess, runDirectory: RunDirectory) {
    this.name = process.name
    this.pid = process.pid
    this.logPath = process.logPath
    this.exited = process.exited
    this.#process = process
    this.#runDirectory = runDirectory
  }

  /** All that it has printed so far, on standard output and standard error; still there after `close()`. */
  get output(): string {
    return this.#finalOutput ?? this.#process.output
  }

  /** The last lines that it has printed. */
  logTail(lineCount?: number): string {
    return this.#process.logTail(lineCount)
  }

  /** How it ended, or undefined while it runs. */
  get exit(): JavaExit | undefined {
    return this.#process.exit
  }

  /**
   * Waits until what it has printed matches.
   *
   * @throws {AeronToolingError} PROCESS_EXITED or TIMED_OUT, with the end of its output.
   */
  async waitForOutput(pattern: RegExp, timeoutMs: number = OUTPUT_TIMEOUT_MS): Promise<RegExpExecArray> {
    // A sticky or global pattern would go on where the look before ended.
    const stateless = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''))
    const action = `find ${pattern} in the output of ${this.name}`
    return this.#process.pollUntil(action, timeoutMs, () => stateless.exec(this.output) ?? undefined)
  }

  /**
   * Waits for the end, whatever the exit code.
   *
   * @throws {AeronToolingError} TIMED_OUT, with the end of its output.
   */
  async waitForExit(timeoutMs: number = EXIT_TIMEOUT_MS): Promise<JavaExit> {
    return poll(() => this.#process.exit, {
      action: `see the end of ${this.name}`,
      timeoutMs,
      describe: () => this.#process.describeLog(),
    })
  }

  /** Writes to its standard input. */
  write(text: string): void {
    this.#process.write(text)
  }

  /** Sends a signal and does not wait for what it does, except that the process stands still after SIGSTOP: it and SIGCONT make a long pause. */
  signal(signal: NodeJS.Signals): void {
    this.#process.signal(signal)
  }

  /** Sends a signal, by default SIGKILL, and waits for the end. */
  async kill(signal?: NodeJS.Signals): Promise<JavaExit> {
    return this.#process.kill(signal)
  }

  /** Ends it, gently at first, and removes its files. */
  async close(): Promise<void> {
    await this.#process.close()
    this.#finalOutput ??= this.#process.output
    this.#runDirectory.remove()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/**
 * Starts a main class of Aeron's jar: a sample, a tool, a tutorial's node.
 *
 * @example
 * const stat = await launchJava('io.aeron.samples.AeronStat', { aeronDirectory, args: ['watch=false'] })
 */
export async function launchJava(mainClass: string, options: LaunchJavaOptions = {}): Promise<JavaProgram> {
  const name = options.name ?? mainClass.slice(mainClass.lastIndexOf('.') + 1)
  const runDirectory = RunDirectory.create(name, options)
  for (const path of options.temporaryPaths ?? []) runDirectory.alsoRemove(path)
  try {
    // Without one of its own, a program that embeds a driver would leave it behind when it is ended in a hurry.
    const properties = { 'aeron.dir': options.aeronDirectory ?? runDirectory.driverDirectory() }
    const start = {
      name,
      mainClass,
      properties,
      runDirectory,
      args: options.args ?? [],
      input: options.input ?? false,
    }
    return new JavaProgram(await startJava(start, options), runDirectory)
  } catch (error) {
    runDirectory.remove()
    throw error
  }
}

/** What a program that ran to its end left. */
export interface JavaResult extends JavaExit {
  readonly output: string
}

/**
 * Runs a main class to its end, whatever its exit code.
 *
 * @throws {AeronToolingError} TIMED_OUT when it takes longer; it is ended then.
 */
export async function runJava(
  mainClass: string,
  options: LaunchJavaOptions & { readonly timeoutMs?: number | undefined } = {},
): Promise<JavaResult> {
  await using program = await launchJava(mainClass, options)
  const exit = await program.waitForExit(options.timeoutMs ?? EXIT_TIMEOUT_MS)
  return { ...exit, output: program.output }
}
