import { BroadcastLappedError } from '@x/atomic/broadcast'
import type { Agent } from '@x/idlestrategy'
import { AeronError } from '../aeron-error.ts'
import type { ResolvedAeronOptions } from '../aeron-options.ts'
import type { CncFile } from '../cnc/cnc-file.ts'
import { DriverEventsAdapter } from '../driver/driver-events-adapter.ts'
import { toError } from '../to-error.ts'
import { ClientState } from './client-state.ts'
import { Commands } from './commands.ts'
import { DriverEvents } from './driver-events.ts'
import { KeepAlive } from './keep-alive.ts'
import { Operations } from './operations.ts'
import { Requests } from './requests.ts'
import { type ConductorStall, ServiceInterval } from './service-interval.ts'

/** Events handled in one turn. Ours: bounded, so that a flood from other clients cannot hold up the application's event loop. */
const EVENT_LIMIT = 100

/** What drives a conductor is told. */
export interface ConductorListener {
  /** A command was sent: the answer is worth a look soon. */
  readonly onSent: () => void
  /** The conductor is closed, once. */
  readonly onClosed: () => void
}

/** The client's side of the driver protocol, as an agent: Aeron's `ClientConductor`. */
export class ClientConductor implements Agent {
  readonly roleName = 'aeron-client-conductor'
  readonly state: ClientState
  readonly commands: Commands
  readonly requests: Requests
  readonly #cncFile: CncFile
  readonly #events: DriverEventsAdapter
  readonly #keepAlive: KeepAlive
  // Replaced, never changed, so that a handler may remove itself.
  #closeHandlers: readonly (() => void)[] = []
  readonly #onClosed: () => void
  readonly #interval: ServiceInterval
  #isWorking = false
  #isClosed = false
  #closeRequested = false
  #endedBy: Error | undefined

  /**
   * @param cncFile belongs to the conductor from here on
   * @param listener what drives the conductor
   */
  constructor(options: ResolvedAeronOptions, cncFile: CncFile, listener: ConductorListener) {
    this.state = new ClientState(options, cncFile)
    this.commands = new Commands(this.state, new Operations(this, listener.onSent))
    this.requests = new Requests(this, listener.onSent)
    this.#cncFile = cncFile
    this.#onClosed = listener.onClosed
    // Listens before the first command is sent, so that no answer is missed.
    this.#events = new DriverEventsAdapter(
      cncFile.toClients,
      new DriverEvents(this.state, (error) => this.#end(error)),
    )
    const { countersReader, clientId, errors } = this.state
    const nowMs = this.state.nowMs()
    this.#keepAlive = new KeepAlive(options, cncFile, countersReader, clientId, nowMs)
    const { stallHandler } = options
    const timeoutMs = cncFile.clientLivenessTimeoutMs
    const watched = {
      clientId,
      timeoutMs,
      stallThresholdMs: options.stallThresholdMs ?? timeoutMs / 2,
      onStall: stallHandler && ((stall: ConductorStall) => errors.runCallback(() => stallHandler(stall))),
    }
    this.#interval = new ServiceInterval(watched, nowMs)
    if (options.closeHandler) this.addCloseHandler(options.closeHandler)
  }

  /** Whether the client is closed, or about to be because of an error. */
  get isClosed(): boolean {
    return this.#isClosed || this.#endedBy !== undefined
  }

  /** For how long the driver waits for a keep-alive of the client. */
  get clientLivenessTimeoutMs(): number {
    return this.#cncFile.clientLivenessTimeoutMs
  }

  /** What ended the client, unless the application closed it. */
  get endedBy(): Error | undefined {
    return this.#endedBy
  }

  /** Whether the driver owes an answer. */
  get hasPending(): boolean {
    return this.state.hasPending
  }

  doWork(): number {
    if (this.#isClosed || this.#isWorking || this.state.errors.inCallback) return 0
    this.#isWorking = true
    let workCount = 0
    try {
      workCount = this.#turn()
    } finally {
      this.#isWorking = false
      if (this.#closeRequested || this.#endedBy !== undefined) this.#close()
    }
    return workCount
  }

  /** @throws AeronError `CLIENT_CLOSED` */
  checkOpen(): void {
    if (this.isClosed) throw this.#closedError()
  }

  /**
   * Throws when a command cannot be sent.
   *
   * @throws AeronError `CLIENT_CLOSED`, `REENTRANT_CALL`, or `UNHANDLED_ERROR` for what a callback threw before
   */
  checkActive(): void {
    this.checkOpen()
    if (this.state.errors.inCallback || this.#isWorking) {
      throw new AeronError(
        'REENTRANT_CALL',
        'Cannot send a command inside a callback of the conductor: the conductor must finish its turn first; do it from setImmediate, or in the own duty cycle',
        {},
      )
    }
    const kept = this.state.errors.takeKept()
    if (kept === undefined) return
    throw new AeronError(
      'UNHANDLED_ERROR',
      `Cannot go on quietly: an earlier callback or event failed and there is no errorHandler, "${kept.message}"; give one to Aeron.connect`,
      { clientId: this.state.clientId },
      { cause: kept },
    )
  }

  addCloseHandler(handler: () => void): void {
    this.#closeHandlers = [...this.#closeHandlers, handler]
  }

  /** Removes a handler, and tells whether it was there. */
  removeCloseHandler(handler: () => void): boolean {
    const before = this.#closeHandlers
    this.#closeHandlers = before.filter((other) => other !== handler)
    return this.#closeHandlers.length < before.length
  }

  /** Closes the client; inside a callback, as soon as the conductor's turn is over. */
  close(): void {
    if (this.#isClosed) return
    if (this.#isWorking || this.state.errors.inCallback) {
      this.#closeRequested = true
      return
    }
    this.#close()
  }

  /** Closes the client, also inside a callback: for the exit of the process, after which nothing goes on. */
  closeNow(): void {
    this.#close()
  }

  onClose(): void {
    this.close()
  }

  #turn(): number {
    const nowMs = this.state.nowMs()
    let workCount = 0
    try {
      this.#interval.onTurn(nowMs)
      workCount += this.#keepAlive.onTick(nowMs)
    } catch (error) {
      this.#end(toError(error))
      return 1
    }
    const events = this.#receive()
    workCount += events + this.state.proxy.flush() + this.state.logs.onTick(nowMs)
    // What is overdue may have its answer among the events that are still unread.
    if (events < EVENT_LIMIT && this.#endedBy === undefined) this.#expire(nowMs)
    return workCount
  }

  #receive(): number {
    let events = 0
    try {
      while (events < EVENT_LIMIT && this.#endedBy === undefined && this.#events.receive() > 0) events++
    } catch (error) {
      if (!(error instanceof BroadcastLappedError)) {
        // An event that cannot be handled is no failure of whoever runs the conductor, least of all of a timer.
        this.state.errors.report(error)
        return events + 1
      }
      const { clientId } = this.state
      this.#end(
        new AeronError(
          'DRIVER_EVENTS_LAPPED',
          `Cannot go on as client ${clientId}: it must read the driver's events before they are overwritten, and has not; connect anew, and keep the event loop free`,
          { clientId },
          { cause: error },
        ),
      )
    }
    return events
  }

  #expire(nowMs: number): void {
    if (!this.state.hasPending) return
    const { subscriptions, allRegistrations, options } = this.state
    for (const registrations of allRegistrations) {
      const overdue = registrations.expire(nowMs, options.driverTimeoutMs)
      if (registrations !== subscriptions) continue
      for (const registrationId of overdue) this.commands.forgetSubscription(registrationId)
    }
  }

  // Only the first error ends the client: the others follow from it.
  #end(error: Error): void {
    this.#endedBy ??= error
  }

  #closedError(): AeronError<'CLIENT_CLOSED'> {
    const { clientId } = this.state
    const cause = this.#endedBy
    const why = cause === undefined ? 'it has been closed' : `it was ended by an error, "${cause.message}"`
    return new AeronError(
      'CLIENT_CLOSED',
      `Cannot use client ${clientId}: it must be open, but ${why}`,
      { clientId },
      cause === undefined ? undefined : { cause },
    )
  }

  #close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    const { errors, allRegistrations, proxy, logs } = this.state
    this.#closeResources()
    const closed = this.#closedError()
    for (const registrations of allRegistrations) registrations.failAll(closed)
    const ended = this.#endedBy
    try {
      if (ended !== undefined && this.state.options.errorHandler !== undefined) errors.report(ended)
    } finally {
      for (const handler of this.#closeHandlers) errors.runCallback(handler)
      proxy.clientClose()
      const { closeLingerDurationMs } = this.state.options
      if (closeLingerDurationMs === 0) logs.close()
      else setTimeout(() => logs.close(), closeLingerDurationMs).unref()
      this.#cncFile.close()
      this.#onClosed()
    }
  }

  #closeResources(): void {
    const { resources, counterHandlers } = this.state
    const cause = this.#endedBy === undefined ? undefined : this.#closedError()
    const all = resources.takeAll()
    for (const subscription of all.subscriptions) {
      this.commands.releaseImages(subscription, subscription.markClosed(cause))
    }
    for (const publication of all.publications) publication.markClosed()
    for (const counter of all.staticCounters) counter.markClosed()
    for (const counter of all.counters) {
      counter.markClosed()
      counterHandlers.onUnavailable(counter.registrationId, counter.id)
    }
  }
}
