import { readdirSync, readFileSync } from 'node:fs'
import { AeronToolingError } from './aeron-tooling-error.ts'

/** Ours: a thread stops when it is scheduled next, which takes long on a busy machine only. */
const STOP_TIMEOUT_MS = 10_000
/** What follows the name of a thread in its `stat`: stopped, traced, or gone. */
const STOPPED = /\) [TtZXx] [^)]*$/
const pause = new Int32Array(new SharedArrayBuffer(4))

/**
 * Waits, and lets nothing else happen meanwhile, until all threads of a process that has been sent SIGSTOP stand still: until then it may still answer.
 * Only Linux tells.
 *
 * @throws {AeronToolingError} TIMED_OUT when one still runs after 10 s
 */
export function awaitStop(pid: number): void {
  if (process.platform !== 'linux') return
  const deadline = performance.now() + STOP_TIMEOUT_MS
  while (!isStopped(pid)) {
    if (performance.now() >= deadline) {
      const message = `Cannot stop process ${pid}: it still runs ${STOP_TIMEOUT_MS} ms after SIGSTOP`
      throw new AeronToolingError('TIMED_OUT', message, { timeoutMs: STOP_TIMEOUT_MS })
    }
    Atomics.wait(pause, 0, 0, 1)
  }
}

function isStopped(pid: number): boolean {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.every((id) => STOPPED.test(readFileSync(`/proc/${pid}/task/${id}/stat`, 'latin1')))
  } catch {
    // A thread that ended meanwhile, or the process.
    return !isThere(pid)
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
