import { AeronError } from '../aeron-error.ts'

/** A pause of the conductor that came near to costing the connection. */
export interface ConductorStall {
  /** How long the conductor has not run, in milliseconds. */
  readonly intervalMs: number
  /** After how long the driver gives a client up, in milliseconds. */
  readonly timeoutMs: number
  /** The same in words, for a log. */
  readonly message: string
}

/** What is watched for, and who is told. */
export interface ServiceIntervalOptions {
  readonly clientId: bigint
  /** The driver's client liveness timeout. */
  readonly timeoutMs: number
  /** From how long on a pause is told of. */
  readonly stallThresholdMs: number
  readonly onStall: ((stall: ConductorStall) => void) | undefined
}

/** Sees how long the turns of the conductor are apart. */
export class ServiceInterval {
  readonly #options: ServiceIntervalOptions
  #lastTurnMs: number

  constructor(options: ServiceIntervalOptions, nowMs: number) {
    this.#options = options
    this.#lastTurnMs = nowMs
  }

  /** @throws AeronError `CONDUCTOR_SERVICE_TIMEOUT` when the driver may have given the client up */
  onTurn(nowMs: number): void {
    const { clientId, timeoutMs, stallThresholdMs, onStall } = this.#options
    const intervalMs = nowMs - this.#lastTurnMs
    this.#lastTurnMs = nowMs
    if (intervalMs > timeoutMs) {
      throw new AeronError(
        'CONDUCTOR_SERVICE_TIMEOUT',
        `Cannot go on as client ${clientId}: its conductor must run at least every ${timeoutMs} ms, and has not for ${intervalMs} ms, because the event loop was blocked or the process paused; connect anew, and keep the event loop free or run the client in a worker thread`,
        { intervalMs, timeoutMs },
      )
    }
    if (intervalMs < stallThresholdMs) return
    onStall?.({
      intervalMs,
      timeoutMs,
      message: `The conductor of client ${clientId} has not run for ${intervalMs} ms, because the event loop was blocked or the process paused; after ${timeoutMs} ms the driver gives the client up: keep the event loop free, or run the client in a worker thread`,
    })
  }
}
