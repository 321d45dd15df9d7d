import type { RecordingSignal } from '@x/codecs/archive'
import type { ArrivalOrder, Arrived } from '../session/arrival-order.ts'
import type { RecordingSignalEvent } from './recording-signal.ts'

/** Signals that are remembered for who comes to ask for one. Ours: more than come between a request and the code that awaits it. */
const MAX_REMEMBERED = 256

/** Told what happens to a recording. */
export type RecordingSignalHandler = (event: RecordingSignalEvent) => void

/** Which signal to wait for: each value that is given must be that of the signal. */
export interface RecordingSignalMatch {
  readonly signal?: RecordingSignal
  /** Id of the request that asked for it, or the replication id. */
  readonly correlationId?: bigint
  readonly recordingId?: bigint
}

/** Tells recording signals to handlers, and remembers the last of them. */
export class RecordingSignals {
  readonly #handlers: RecordingSignalHandler[]
  readonly #order: ArrivalOrder
  #remembered: Arrived<RecordingSignalEvent>[] = []

  /**
   * @param order what numbers the signals, and the errors that come between them
   * @param handler the first to be told, when there is one
   */
  constructor(order: ArrivalOrder, handler: RecordingSignalHandler | undefined) {
    this.#order = order
    this.#handlers = handler === undefined ? [] : [handler]
  }

  add(handler: RecordingSignalHandler): void {
    this.#handlers.push(handler)
  }

  /** Removes a handler, and tells whether it was there. */
  remove(handler: RecordingSignalHandler): boolean {
    const index = this.#handlers.indexOf(handler)
    if (index >= 0) this.#handlers.splice(index, 1)
    return index >= 0
  }

  /** A signal has come. What a handler throws keeps it from nobody else. */
  take(event: RecordingSignalEvent): void {
    this.#remembered.push(this.#order.stamp(event))
    if (this.#remembered.length > MAX_REMEMBERED) this.#remembered.shift()
    const errors: unknown[] = []
    for (const handler of this.#handlers.slice()) {
      try {
        handler(event)
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw new AggregateError(errors, 'Handlers of a recording signal have thrown')
  }

  /** The first of the remembered signals that matches. */
  find({
    signal,
    correlationId,
    recordingId,
  }: RecordingSignalMatch): Arrived<RecordingSignalEvent> | undefined {
    return this.#remembered.find(
      ({ value: event }) =>
        (signal === undefined || event.signal === signal) &&
        (correlationId === undefined || event.correlationId === correlationId) &&
        (recordingId === undefined || event.recordingId === recordingId),
    )
  }
}
