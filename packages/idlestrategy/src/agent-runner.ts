import { AgentInvoker, type AgentErrorHandler } from './agent-invoker.ts'
import type { Agent } from './agent.ts'
import type { IdleStrategy } from './idle-strategy.ts'
import { loopTurns, NEXT_TURN, type LoopTask } from './loop-turns.ts'

const NANOS_PER_MILLI = 1_000_000
/** Ours: how long the agent may keep the event loop from its sockets, timers and promises when there is always work. */
const SLICE_MS = 1
/** Ours: turns between two looks at the clock, which costs about 50 ns. An agent that was idle for all of them ends its slice. */
const TURNS_PER_CLOCK_READ = 16

/** Options of an {@link AgentRunner}. */
export interface AgentRunnerOptions {
  /** Decides how long to wait after each turn. It has state, so use it for this runner only. */
  readonly idleStrategy: IdleStrategy
  /** Called with what the agent throws; the loop continues. If the handler itself throws, the loop ends and `terminated` rejects with that. */
  readonly errorHandler: AgentErrorHandler
}

/**
 * Runs an agent on the event loop of this thread; corresponds to Agrona's `AgentRunner`, but the loop is shared with the application.
 *
 * Turns are done in slices of about a millisecond, with a turn of the event loop in between. If the idle strategy asks to park for a millisecond or more, the runner
 * sets a timer. Shorter parks, for which there are no timers, block the thread after a turn of the event loop, and never for longer than a slice may last. The
 * strategies `spin`, `yield` and `noop` never park, and keep the core busy. A running agent keeps the process alive.
 */
export class AgentRunner implements AsyncDisposable {
  readonly agent: Agent
  /** Settles when the loop has ended for any reason, and `onClose` has been called. */
  readonly terminated: Promise<void>
  readonly #invoker: AgentInvoker
  readonly #idleStrategy: IdleStrategy
  #resolveTerminated: () => void = () => {}
  #rejectTerminated: (error: unknown) => void = () => {}
  readonly #task: LoopTask = { dueMs: NEXT_TURN, run: () => this.#slice() }
  #timer: NodeJS.Timeout | undefined
  #isStarted = false
  #isInSlice = false
  #isCloseRequested = false
  #hasEnded = false

  constructor(agent: Agent, options: AgentRunnerOptions) {
    this.agent = agent
    this.#invoker = new AgentInvoker(agent, { errorHandler: options.errorHandler })
    this.#idleStrategy = options.idleStrategy
    this.terminated = new Promise((resolve, reject) => {
      this.#resolveTerminated = resolve
      this.#rejectTerminated = reject
    })
  }

  /** Whether the loop has ended. */
  get isClosed(): boolean {
    return this.#hasEnded
  }

  /** Starts the loop in the next turn of the event loop, beginning with `onStart`. Does nothing if already started or closed. */
  start(): void {
    if (this.#isStarted || this.#isCloseRequested) return
    this.#isStarted = true
    this.#goOn(NEXT_TURN)
  }

  /**
   * Ends the loop and calls the agent's `onClose` once, before this method returns, or after the turn if the agent itself calls it.
   *
   * @returns {@link terminated}; do not await it inside the agent's turn
   */
  close(): Promise<void> {
    this.#isCloseRequested = true
    if (!this.#isInSlice) this.#end()
    return this.terminated
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #slice(): void {
    // Closed by another runner in this turn of the event loop.
    if (this.#hasEnded) return
    this.#isInSlice = true
    try {
      if (!this.#invoker.isStarted) this.#invoker.start()
      if (this.#mayGoOn() && this.#runTurns()) return
    } catch (error) {
      this.#rejectTerminated(error)
      this.#isCloseRequested = true
    } finally {
      this.#isInSlice = false
    }
    this.#end()
  }

  /** Does turns until it is someone else's, and arranges for the next slice. Returns whether there is to be one. */
  #runTurns(): boolean {
    const sliceEndMs = performance.now() + SLICE_MS
    do {
      let hasWorked = false
      for (let turn = 0; turn < TURNS_PER_CLOCK_READ; turn++) {
        const workCount = this.#invoker.invoke()
        if (!this.#mayGoOn()) return false
        if (workCount > 0) hasWorked = true
        const parkNs = this.#idleStrategy.parkNs(workCount)
        if (parkNs > 0) {
          this.#park(parkNs)
          return true
        }
      }
      if (!hasWorked) break
    } while (performance.now() < sliceEndMs)
    this.#goOn(NEXT_TURN)
    return true
  }

  #mayGoOn(): boolean {
    return !this.#isCloseRequested && this.#invoker.isRunning
  }

  #park(parkNs: number): void {
    const parkMs = parkNs / NANOS_PER_MILLI
    if (parkMs < 1) this.#goOn(performance.now() + parkMs)
    else this.#timer = setTimeout(() => this.#slice(), Math.ceil(parkMs))
  }

  #goOn(dueMs: number): void {
    this.#task.dueMs = dueMs
    loopTurns.add(this.#task)
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    loopTurns.remove(this.#task)
    clearTimeout(this.#timer)
    try {
      this.#invoker.close()
      this.#resolveTerminated()
    } catch (error) {
      this.#rejectTerminated(error)
    }
  }
}
