import type { Effect } from './effect.ts'
import type { LogEntry } from './log-entry.ts'

/** A timer that was scheduled and is not due yet. */
export interface ScheduledTimer {
  readonly correlationId: bigint
  /** Cluster time at which it is due. */
  readonly deadline: bigint
}

/** Ids of the messages of service 0 begin behind this. Protocol: Aeron's PendingServiceMessageTracker. */
const FIRST_SERVICE_MESSAGE_ID = -(2n ** 63n)
const SERVICE_ID_SHIFT = 56n

interface PendingMessage {
  readonly id: bigint
  readonly payload: Uint8Array
}

/**
 * What a consensus module keeps for its service: timers, messages that the service offered, sessions that it closes. Replaying a log, the
 * service asks for all of it again, and what stands in the log already is not done a second time.
 * Source: the timer service and `PendingServiceMessageTracker` of Aeron's consensus module.
 */
export class ConsensusState {
  // In the order of scheduling, which breaks ties between deadlines.
  readonly #timers = new Map<bigint, bigint>()
  readonly #closing = new Set<bigint>()
  #messages: PendingMessage[] = []
  #offeredId: bigint
  #loggedId: bigint

  constructor(serviceId: number) {
    this.#offeredId = FIRST_SERVICE_MESSAGE_ID + (BigInt(serviceId) << SERVICE_ID_SHIFT)
    this.#loggedId = this.#offeredId
  }

  /** The timers in the order in which they will be due. */
  get timers(): readonly ScheduledTimer[] {
    return [...this.#timers]
      .map(([correlationId, deadline]) => ({ correlationId, deadline }))
      .sort((a, b) => (a.deadline < b.deadline ? -1 : a.deadline > b.deadline ? 1 : 0))
  }

  /** The sessions that the service has asked to close. */
  get closing(): readonly bigint[] {
    return [...this.#closing]
  }

  /** The messages that the service offered and that are not in the log yet. */
  get messages(): readonly PendingMessage[] {
    return this.#messages
  }

  /** The service has asked for something. */
  onEffect(effect: Effect): void {
    switch (effect.kind) {
      case 'schedule-timer':
        this.#timers.delete(effect.correlationId)
        this.#timers.set(effect.correlationId, effect.deadline)
        break
      case 'cancel-timer':
        this.#timers.delete(effect.correlationId)
        break
      case 'close-session':
        this.#closing.add(effect.clusterSessionId)
        break
      case 'service-message':
        this.#offeredId++
        if (this.#offeredId > this.#loggedId) {
          this.#messages.push({ id: this.#offeredId, payload: effect.payload })
        }
        break
      case 'response':
    }
  }

  /** An entry stands in the log now: what was asked for by it is done. */
  onLogged({ kind, id }: LogEntry): void {
    if (id === undefined) return
    if (kind === 'timer') this.#timers.delete(id)
    if (kind === 'session-close') this.#closing.delete(id)
    if (kind === 'service-message') {
      this.#loggedId = id
      this.#messages = this.#messages.filter((message) => message.id > id)
    }
  }

  /** This state as it is now, for a snapshot. */
  copy(): ConsensusState {
    const copy = new ConsensusState(0)
    for (const [correlationId, deadline] of this.#timers) copy.#timers.set(correlationId, deadline)
    for (const id of this.#closing) copy.#closing.add(id)
    copy.#messages = [...this.#messages]
    copy.#offeredId = this.#offeredId
    copy.#loggedId = this.#loggedId
    return copy
  }
}
