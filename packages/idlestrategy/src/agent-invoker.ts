import { AgentTerminationError } from './agent-termination-error.ts'
import type { Agent } from './agent.ts'

/** Called with what an agent throws. */
export type AgentErrorHandler = (error: unknown) => void

/** Options of an {@link AgentInvoker}. */
export interface AgentInvokerOptions {
  /** Called with what the agent throws. It should not throw itself, as that would be thrown by the call that drives the agent. */
  readonly errorHandler: AgentErrorHandler
}

/** Drives an agent on the caller's thread, one turn per call; corresponds to Agrona's `AgentInvoker`. */
export class AgentInvoker implements Disposable {
  readonly agent: Agent
  readonly #errorHandler: AgentErrorHandler
  #isStarted = false
  #isRunning = false
  #isClosed = false

  constructor(agent: Agent, options: AgentInvokerOptions) {
    this.agent = agent
    this.#errorHandler = options.errorHandler
  }

  /** Whether {@link start} has been called. */
  get isStarted(): boolean {
    return this.#isStarted
  }

  /** Whether {@link invoke} does turns: the agent has been started, and has neither been closed nor ended by itself. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Whether {@link close} has been called, or the agent has ended. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** Calls the agent's `onStart` once. If it throws, the error goes to the error handler, and the agent is closed. */
  start(): void {
    if (this.#isStarted || this.#isClosed) return
    this.#isStarted = true
    try {
      this.agent.onStart?.()
      this.#isRunning = !this.#isClosed
    } catch (error) {
      try {
        this.#errorHandler(error)
      } finally {
        this.close()
      }
    }
  }

  /**
   * Does one turn, if the agent is running. Errors go to the error handler; an `AgentTerminationError` closes the agent, and
   * goes there only if it is not expected.
   *
   * @returns what the agent's `doWork` returned; 0 when it threw or is not running
   */
  invoke(): number {
    if (!this.#isRunning) return 0
    try {
      return this.agent.doWork()
    } catch (error) {
      if (error instanceof AgentTerminationError) this.#terminate(error)
      else this.#errorHandler(error)
      return 0
    }
  }

  /** Ends the agent and calls its `onClose` once; if that throws, the error goes to the error handler. */
  close(): void {
    if (this.#isClosed) return
    this.#isRunning = false
    this.#isClosed = true
    try {
      this.agent.onClose?.()
    } catch (error) {
      this.#errorHandler(error)
    }
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #terminate(error: AgentTerminationError): void {
    this.#isRunning = false
    try {
      if (!error.isExpected) this.#errorHandler(error)
    } finally {
      this.close()
    }
  }
}
