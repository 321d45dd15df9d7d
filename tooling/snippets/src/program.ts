import { spawn, type ChildProcess } from 'node:child_process'

const END_TIMEOUT_MS = 10_000

/** A snippet at work in a process of its own. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #exited: Promise<number | null>
  #output = ''

  /** Starts the program at `path`, from source. */
  constructor(path: string, workingDirectory: string, environment: Readonly<Record<string, string>>) {
    this.#child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '--conditions=@x/source', path],
      { cwd: workingDirectory, env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    this.#exited = new Promise((resolve) => this.#child.once('exit', (code) => resolve(code)))
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
      })
    }
  }

  /** All that it has printed. */
  get output(): string {
    return this.#output
  }

  /** The exit code; null while it runs, and after a signal. */
  get exitCode(): number | null {
    return this.#child.exitCode
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_TIMEOUT_MS)
    await this.#exited
    clearTimeout(timer)
  }
}
