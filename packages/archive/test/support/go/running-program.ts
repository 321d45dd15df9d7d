import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { until } from '../../archive-test-kit.ts'

const PATIENCE_MS = 30_000

/** A program that runs beside a test, until it ends by itself or is disposed of. Its standard input ends with this process. */
export class RunningProgram implements AsyncDisposable {
  readonly #child: ChildProcess
  #output = ''
  #hasEnded = false

  constructor(path: string, args: readonly string[]) {
    const child = spawn(path, args)
    const take = (data: Buffer): unknown => (this.#output += data.toString())
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('close', () => (this.#hasEnded = true))
    this.#child = child
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output
  }

  /** Whether it has ended, and all that it has printed is in {@link output}. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** Gives what matches in its output, once it does. Throws with the output when it does not in time, or the program ends without. */
  async waitForOutput(pattern: RegExp): Promise<RegExpExecArray> {
    await until(
      `${pattern}`,
      () => (this.#hasEnded || pattern.test(this.#output) ? true : undefined),
      PATIENCE_MS,
    ).catch(() => undefined)
    const found = pattern.exec(this.#output)
    if (found === null)
      throw new Error(`Cannot find ${pattern} in what the program has printed: ${this.#output}`)
    return found
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasEnded) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'close')
  }
}
