import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AeronToolingError } from './aeron-tooling-error.ts'
import { awaitStop } from './await-stop.ts'
import type { Environment } from './executable.ts'
import { poll } from './poll.ts'
import { reaper } from './reaper.ts'

/** How a process ended: one of the two is null. */
export interface JavaExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What to start. */
export interface JavaCommand {
  /** For messages: "media driver". */
  readonly name: string
  /** Path of `java`. */
  readonly java: string
  readonly args: readonly string[]
  /** File that takes standard output and standard error. */
  readonly logPath: string
  readonly environment: Environment
  /** True to be able to `write` to its standard input. */
  readonly input: boolean
}

/** Ours: an archive or a cluster node writes out what it holds at SIGTERM, in well under a second on an idle machine. */
const GRACE_MS = 5_000

const LOG_TAIL_LINES = 40

/** One Java process with its log; ended with this process at the latest. */
export class JavaProcess {
  readonly name: string
  readonly pid: number
  readonly logPath: string
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<JavaExit>
  readonly #child: ChildProcess
  #exit: JavaExit | undefined
  #isEndExpected = false

  private constructor(command: JavaCommand, child: ChildProcess, pid: number) {
    this.name = command.name
    this.logPath = command.logPath
    this.pid = pid
    this.#child = child
    this.exited = new Promise((resolve) => {
      child.on('exit', (code, signal) => {
        reaper.processExited(pid)
        this.#exit = { code, signal }
        resolve(this.#exit)
      })
    })
  }

  /**
   * Starts the process in a group of its own: Ctrl-C reaches this process alone, which decides what ends when.
   *
   * @throws {AeronToolingError} JAVA_MISSING when the executable cannot be started.
   */
  static async start(command: JavaCommand): Promise<JavaProcess> {
    const log = openSync(command.logPath, 'a')
    try {
      const child = spawn(command.java, command.args, {
        stdio: [command.input ? 'pipe' : 'ignore', log, log],
        detached: true,
        // What a program writes without being told where must not end up in the work tree.
        cwd: dirname(command.logPath),
        env: command.environment,
      })
      child.stdin?.on('error', () => {})
      const { pid } = child
      if (pid !== undefined) {
        reaper.watchProcess(pid)
        return new JavaProcess(command, child, pid)
      }
      const cause = await new Promise<Error>((resolve) => child.on('error', resolve))
      throw new AeronToolingError(
        'JAVA_MISSING',
        `Cannot start ${command.name}: ${cause.message}`,
        { searched: command.java },
        { cause },
      )
    } finally {
      closeSync(log)
    }
  }

  /** How it ended, or undefined while it runs. */
  get exit(): JavaExit | undefined {
    return this.#exit
  }

  /** All that it has printed so far; empty when the log has been removed. */
  get output(): string {
    return existsSync(this.logPath) ? readFileSync(this.logPath, 'utf8') : ''
  }

  /** The last lines that it has printed. */
  logTail(lineCount: number = LOG_TAIL_LINES): string {
    return this.output.trimEnd().split('\n').slice(-lineCount).join('\n')
  }

  /** The end of the log and where the whole is, to go into an error message. */
  describeLog(): string {
    return `the log ${this.logPath} ends with:\n${this.logTail()}`
  }

  /** Writes to its standard input. */
  write(text: string): void {
    if (this.#child.stdin === null) {
      throw new TypeError(`Cannot write to ${this.name}: it was started without input, pass input: true`)
    }
    this.#child.stdin.write(text)
  }

  /** @throws {AeronToolingError} PROCESS_EXITED when the process has ended, with its last words. */
  checkRunning(action: string): void {
    if (this.#exit === undefined) return
    const how = this.#exit.signal ?? `code ${this.#exit.code}`
    throw new AeronToolingError(
      'PROCESS_EXITED',
      `Cannot ${action}: ${this.name} ended with ${how}; ${this.describeLog()}`,
      { name: this.name, logPath: this.logPath },
    )
  }

  /** True when it ended on its own and with a failure: neither asked to, nor with code 0. */
  get hasFailed(): boolean {
    return this.#exit !== undefined && !this.#isEndExpected && this.#exit.code !== 0
  }

  /** Waits until `probe` gives something, and no longer than the process lives. */
  async pollUntil<T>(action: string, timeoutMs: number, probe: () => T | undefined | false): Promise<T> {
    return poll(probe, {
      action,
      timeoutMs,
      check: () => this.checkRunning(action),
      describe: () => this.describeLog(),
    })
  }

  /** Sends a signal and waits for the end: `kill()` is a crash, `kill('SIGTERM')` an orderly end without a bound. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<JavaExit> {
    this.signal(signal)
    return this.exited
  }

  /** Sends a signal and does not wait for what it does, except that the process stands still after SIGSTOP: it and SIGCONT make a long pause. */
  signal(signal: NodeJS.Signals): void {
    if (this.#exit !== undefined) return
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.#isEndExpected = true
    this.#child.kill(signal)
    if (signal === 'SIGSTOP') awaitStop(this.pid)
  }

  /** Ends the process: SIGTERM, and SIGKILL when that has not helped in time. Doing so twice is quiet. */
  async close(graceMs: number = GRACE_MS): Promise<JavaExit> {
    this.signal('SIGTERM')
    // A stopped process would otherwise sit out the whole grace period.
    this.signal('SIGCONT')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), graceMs)
    try {
      return await this.exited
    } finally {
      clearTimeout(timer)
    }
  }
}
