import type { RecordingSignal } from '@x/codecs/archive'
import type { ArrivalOrder, Arrived } from '../session/arrival-order.ts'
import type { RecordingSignalEvent } from './recording-signal.ts'

/** Number of signals that are remembered. Ours: more than arrive between a request and the code that then waits for signals. */
const MAX_REMEMBERED = 256

/** Called with each recording signal of the archive client's control session. */
export type RecordingSignalHandler = (event: RecordingSignalEvent) => void

/** Which signals match: those that have all the values that are given. */
export interface RecordingSignalMatch {
  /** Kind of signal. */
  readonly signal?: RecordingSignal
  /** Correlation id of the request that caused it; for a replication, the replication id. */
  readonly correlationId?: bigint
  /** Id of the recording. */
  readonly recordingId?: bigint
}

/** Passes recording signals to handlers, and remembers the latest. */
export class RecordingSignals {
  readonly #handlers: RecordingSignalHandler[]
  readonly #order: ArrivalOrder
  #remembered: Arrived<RecordingSignalEvent>[] = []

  /**
   * @param order numbers the signals, and the errors that arrive between them
   * @param handler the first handler, if there is one
   */
  constructor(order: ArrivalOrder, handler: RecordingSignalHandler | undefined) {
    this.#order = order
    this.#handlers = handler === undefined ? [] : [handler]
  }

  add(handler: RecordingSignalHandler): void {
    this.#handlers.push(handler)
  }

  /** Removes a handler. @returns whether it was there */
  remove(handler: RecordingSignalHandler): boolean {
    const index = this.#handlers.indexOf(handler)
    if (index >= 0) this.#handlers.splice(index, 1)
    return index >= 0
  }

  /** Passes a signal to all handlers, also if one of them throws. @throws what a handler has thrown, or an AggregateError of several */
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

  /** Finds the first of the remembered signals that matches. */
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
