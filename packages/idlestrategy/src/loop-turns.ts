import { park } from './parking.ts'

const NANOS_PER_MILLI = 1_000_000
/** Ours: V8 counts in microseconds, and does not wait for less. */
const SHORTEST_PARK_NS = 1_000
/** Ours: what the shortest park takes until the system has woken the thread. Measured on Linux, where those of Java take as long. */
const SHORTEST_PARK_TAKES_MS = 0.06
/** When a task is due that is to be done in the next turn of the event loop. */
export const NEXT_TURN = 0

/** Something to be done in a turn of the event loop. */
export interface LoopTask {
  /** When it is due, on the clock of `performance.now()`, within a millisecond; or {@link NEXT_TURN}. */
  dueMs: number
  /** Must not throw. */
  readonly run: () => void
}

/**
 * What the runners of a thread have to do in the coming turns of its event loop. When none of them has anything to do yet, the thread parks
 * until the first has. A park costs 7 microseconds of processor time; going round with the event loop would keep a core busy, and timers, of a
 * millisecond at least, are what made the median of a cluster's echo five times that of Java.
 *
 * Sockets, timers and promises have their turn before each park, and where that took as long as the park, there is none.
 */
export class LoopTurns {
  #tasks: LoopTask[] = []
  #immediate: NodeJS.Immediate | undefined

  /** Adds a task. */
  add(task: LoopTask): void {
    this.#tasks.push(task)
    this.#immediate ??= setImmediate(this.#turn)
  }

  /** Forgets a task. Quiet when it is not there, or is done in this turn. */
  remove(task: LoopTask): void {
    this.#tasks = this.#tasks.filter((other) => other !== task)
    if (this.#tasks.length > 0) return
    clearImmediate(this.#immediate)
    this.#immediate = undefined
  }

  readonly #turn = (): void => {
    const tasks = this.#tasks
    this.#tasks = []
    this.#immediate = undefined
    const nowMs = parkUntilFirst(tasks)
    for (const task of tasks) if (task.dueMs > nowMs) this.add(task)
    for (const task of tasks) if (task.dueMs <= nowMs) task.run()
  }
}

/** Returns the time after it. */
function parkUntilFirst(tasks: readonly LoopTask[]): number {
  const firstMs = tasks.reduce((earliest, { dueMs }) => Math.min(earliest, dueMs), Infinity)
  const nowMs = performance.now()
  if (nowMs >= firstMs + SHORTEST_PARK_TAKES_MS) return nowMs
  park(Math.max((firstMs - nowMs) * NANOS_PER_MILLI, SHORTEST_PARK_NS))
  return performance.now()
}

/** Those of this thread. */
export const loopTurns: LoopTurns = new LoopTurns()
