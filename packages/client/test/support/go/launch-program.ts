import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { eventually } from '../eventually.ts'

/** A program that runs beside a test, until it ends by itself or is disposed of. */
export class RunningProgram implements AsyncDisposable {
  readonly #child: ChildProcess
  #output = ''
  #hasEnded = false

  constructor(child: ChildProcess) {
    this.#child = child
    const take = (data: Buffer): unknown => (this.#output += data.toString())
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.on('close', () => (this.#hasEnded = true))
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output
  }

  /** Whether it has ended, and all that it has printed is in {@link output}. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** @throws Error with its output when it does not print it in time */
  async waitForOutput(pattern: RegExp): Promise<void> {
    await eventually(() => pattern.test(this.#output) || this.#hasEnded, 20_000)
    if (!pattern.test(this.#output)) throw new Error(`Ended without ${pattern}: ${this.#output}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'close')
  }
}

/** Starts a program whose standard input ends with this process. */
export function launchProgram(path: string, args: readonly string[]): RunningProgram {
  return new RunningProgram(spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe'] }))
}
