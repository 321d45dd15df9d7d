import { startJava } from './java-command.ts'
import type { JavaOptions, Properties } from './java-command.ts'
import type { JavaExit, JavaProcess } from './java-process.ts'
import type { RunDirectory } from './run-directory.ts'

/** What every server that is started here can be told. */
export interface ServerOptions extends JavaOptions {
  /** For messages, folders and logs. */
  readonly name?: string | undefined
  /** True to detect failures in seconds rather than tens of seconds. @default false */
  readonly fastTimeouts?: boolean | undefined
  /** How long it may take to be ready, in milliseconds. @default 60_000 */
  readonly startTimeoutMs?: number | undefined
}

/** What a kind of server adds to {@link ServerOptions}. */
export interface ServerPlan {
  readonly name: string
  readonly mainClass: string
  readonly properties: Properties
  /** Removed with the server. */
  readonly runDirectory: RunDirectory
  /** Read from files alone: true once this process, and not one before it, can be used. */
  readonly isReady: (process: JavaProcess) => boolean
  /** Takes away what a killed process left and the next would take for a living one. */
  readonly beforeRestart?: (() => void) | undefined
  /** True when a failure before `close()` is not worth an error there. @default false */
  readonly mayFail?: boolean | undefined
}

/** Ours: a JVM starts in half a second, and in many when a dozen of them start on two busy cores. */
const START_TIMEOUT_MS = 60_000

/** A server in a Java process: started, watched, killed, restarted, and gone at the latest with this process. */
export class ServerProcess implements AsyncDisposable {
  readonly name: string
  readonly #plan: ServerPlan
  readonly #options: ServerOptions
  #process: JavaProcess | undefined
  #startCount = 0
  #closing: Promise<void> | undefined

  constructor(plan: ServerPlan, options: ServerOptions) {
    this.name = plan.name
    this.#plan = plan
    this.#options = options
  }

  /**
   * Starts the process and waits until it is ready. Where that fails nothing is left but the log.
   *
   * @internal
   */
  async start(): Promise<this> {
    this.#startCount++
    const { name, mainClass, properties, runDirectory, isReady } = this.#plan
    const logName = this.#startCount === 1 ? name : `${name}-${this.#startCount}`
    try {
      const process = await startJava({ name, logName, mainClass, properties, runDirectory }, this.#options)
      this.#process = process
      const timeoutMs = this.#options.startTimeoutMs ?? START_TIMEOUT_MS
      await process.pollUntil(`start ${name}`, timeoutMs, () => isReady(process))
      return this
    } catch (error) {
      await this.#process?.kill()
      runDirectory.removeAllButLogs()
      throw error
    }
  }

  /** Process id of the present run. */
  get pid(): number {
    return this.#current.pid
  }

  /** The log of the present run. */
  get logPath(): string {
    return this.#current.logPath
  }

  /** The folder of its logs and files. */
  get runDirectory(): string {
    return this.#plan.runDirectory.path
  }

  /** How the present run ended, or undefined while it runs. */
  get exit(): JavaExit | undefined {
    return this.#current.exit
  }

  /** Settles when the present run ends. */
  get exited(): Promise<JavaExit> {
    return this.#current.exited
  }

  /** The last lines of the log. */
  logTail(lineCount?: number): string {
    return this.#current.logTail(lineCount)
  }

  /**
   * Waits until `probe` gives something other than undefined or false.
   *
   * @throws {AeronToolingError} PROCESS_EXITED or TIMED_OUT, with the end of the log.
   */
  async pollUntil<T>(action: string, timeoutMs: number, probe: () => T | undefined | false): Promise<T> {
    return this.#current.pollUntil(action, timeoutMs, probe)
  }

  /** Sends a signal and does not wait for what it does, except that the process stands still after SIGSTOP: it and SIGCONT make a long pause. */
  signal(signal: NodeJS.Signals): void {
    this.#current.signal(signal)
  }

  /** Sends a signal, by default SIGKILL, and waits for the end. The files stay for `restart()`. */
  async kill(signal?: NodeJS.Signals): Promise<JavaExit> {
    return this.#current.kill(signal)
  }

  /**
   * Starts it again, in the same folders and on the same ports; ends the present run first when there is one.
   *
   * @throws {TypeError} after `close()`, which removed the folders.
   */
  async restart(): Promise<void> {
    if (this.#closing !== undefined) throw new TypeError(`Cannot restart ${this.name}: it has been closed`)
    await this.#current.close()
    this.#plan.beforeRestart?.()
    await this.start()
  }

  /**
   * Ends it, gently at first, and removes its files. Doing so twice is quiet.
   *
   * @throws {AeronToolingError} PROCESS_EXITED when it had ended with a failure before; its log is kept then.
   */
  async close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #end(): Promise<void> {
    const { name, runDirectory } = this.#plan
    if (this.#process === undefined) {
      runDirectory.remove()
      return
    }
    if (this.#process.hasFailed && this.#plan.mayFail !== true) {
      runDirectory.removeAllButLogs()
      this.#current.checkRunning(`close ${name}`)
    }
    await this.#current.close()
    runDirectory.remove()
  }

  get #current(): JavaProcess {
    if (this.#process === undefined) throw new TypeError(`Cannot use ${this.name}: it has not been started`)
    return this.#process
  }
}
