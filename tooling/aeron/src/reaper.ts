import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../dev/reaper.mjs', import.meta.url))

type Message =
  | { readonly type: 'process' | 'exited'; readonly pid: number }
  | { readonly type: 'path' | 'forget'; readonly path: string }

/**
 * Ends child processes and removes files when this process ends in any way, kill -9 included. The work is done by a small
 * detached process that waits for the end of a pipe from this one.
 */
export class Reaper {
  readonly #processes = new Set<number>()
  readonly #paths = new Set<string>()
  #helper: ChildProcess | undefined

  /** From now on the process group led by `pid` is killed when this process ends. */
  watchProcess(pid: number): void {
    this.#send({ type: 'process', pid })
    this.#processes.add(pid)
  }

  /** The process has ended, so its id may soon be that of a stranger. */
  processExited(pid: number): void {
    if (this.#processes.delete(pid)) this.#send({ type: 'exited', pid })
  }

  /** From now on the file or folder is removed when this process ends. */
  watchPath(path: string): void {
    this.#send({ type: 'path', path })
    this.#paths.add(path)
  }

  /** The file or folder is gone, or is to stay. */
  forgetPath(path: string): void {
    if (this.#paths.delete(path)) this.#send({ type: 'forget', path })
  }

  /** Process id of the helper, once there is one. */
  get helperPid(): number | undefined {
    return this.#helper?.pid
  }

  #send(message: Message): void {
    const helper = this.#helper ?? this.#start()
    // libuv tries the write at once, so a kill -9 right after this line still finds the message in the pipe.
    helper.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  #start(): ChildProcess {
    const helper = spawn(process.execPath, [PROGRAM], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      env: {},
    })
    this.#helper = helper
    const lost = (): void => {
      if (this.#helper === helper) this.#helper = undefined
    }
    helper.on('error', lost)
    helper.on('exit', lost)
    helper.stdin.on('error', lost)
    // Neither the helper nor its pipe may keep this process alive.
    helper.unref()
    ;(helper.stdin as unknown as Socket).unref()
    // A helper that was killed is followed by one that must learn all again.
    for (const pid of this.#processes) this.#send({ type: 'process', pid })
    for (const path of this.#paths) this.#send({ type: 'path', path })
    return helper
  }
}

/** The reaper of this process: one helper serves all that it starts. */
export const reaper: Reaper = new Reaper()
