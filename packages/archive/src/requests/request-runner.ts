import { ArchiveError, isArchiveError, type ArchiveErrorCodeName } from '../archive-error.ts'
import { checkFeature, type ArchiveFeature } from './archive-release.ts'
import { ArchiveRequest, type RequestDriver, type RequestSteps } from './archive-request.ts'
import type { Arrived } from '../session/arrival-order.ts'
import type { ControlSession } from '../session/control-session.ts'
import type { PendingRequest, RequestKind } from '../session/pending-request.ts'
import type {
  RecordingDescriptor,
  RecordingSubscriptionDescriptor,
} from '../recording/recording-descriptor.ts'
import type { RecordingSignalEvent } from '../recording/recording-signal.ts'
import type { RecordingSignalMatch } from '../recording/recording-signals.ts'
import type { EncodeRequest } from './encode-request.ts'

/** Descriptors that one listing may ask for. Protocol: an int32. */
const MAX_DESCRIPTORS = 0x7fff_ffff

/** Turns messages into requests, one method for each kind of answer. The action is a verb and its object, for messages. */
export class RequestRunner {
  readonly #session: ControlSession
  readonly #driver: RequestDriver

  constructor(session: ControlSession, driver: RequestDriver) {
    this.#session = session
    this.#driver = driver
  }

  /** Sends a request now. Throws ArchiveError CLOSED or NOT_CONNECTED. */
  submit(action: string, encode: EncodeRequest, kind: RequestKind = {}): PendingRequest {
    const { controlSessionId } = this.#session.parts
    return this.#session.submit(action, (id) => encode(controlSessionId, id), kind)
  }

  /** The steps until a request that {@link submit} sent is answered with an OK; they give its relevant id. */
  response(pending: PendingRequest): RequestSteps<bigint> {
    return this.#session.response(pending)
  }

  /** The session that the requests go to. */
  get session(): ControlSession {
    return this.#session
  }

  /** Throws ArchiveError ARCHIVE_TOO_OLD when the archive cannot do something yet. */
  need(action: string, feature: ArchiveFeature): void {
    checkFeature(action, this.#session.parts.archiveSchemaVersion, feature)
  }

  /** A request that is sent over a publication of its own, as {@link ControlSession.sendOver} does. */
  expect(
    action: string,
    encode: EncodeRequest,
    correlationId: bigint,
    kind: RequestKind = {},
  ): PendingRequest {
    const { controlSessionId } = this.#session.parts
    return this.#session.expect(action, (id) => encode(controlSessionId, id), correlationId, kind)
  }

  /** A request that the archive told something, or will within a time. */
  signal(match: RecordingSignalMatch, timeoutMs: number): ArchiveRequest<RecordingSignalEvent> {
    const correlationId = match.correlationId ?? -1n
    return this.run(correlationId, signalSteps(this.#session, match, timeoutMs))
  }

  /** Takes one turn of the session. Returns how much was done. */
  doWork(): number {
    return this.#driver.doWork()
  }

  /** A request of several steps. */
  run<T>(correlationId: bigint, steps: RequestSteps<T>): ArchiveRequest<T> {
    return new ArchiveRequest(this.#driver, correlationId, steps)
  }

  /** A request whose answer is an id. */
  id(action: string, encode: EncodeRequest, kind: RequestKind = {}): ArchiveRequest<bigint> {
    return this.#map(action, encode, (relevantId) => relevantId, kind)
  }

  /** A request whose answer is that it was done. */
  command(action: string, encode: EncodeRequest): ArchiveRequest<void> {
    return this.#map(action, encode, () => undefined)
  }

  /** As {@link command}, of one that the archive takes for a listing. */
  listingCommand(action: string, encode: EncodeRequest): ArchiveRequest<void> {
    return this.#map(action, encode, () => undefined, { isListing: true })
  }

  /** A request whose answer is whether it changed something. */
  flag(action: string, encode: EncodeRequest): ArchiveRequest<boolean> {
    return this.#map(action, encode, (relevantId) => relevantId !== 0n)
  }

  /** A request whose answer is whether there was what it asks to end: a failure with the code `unknown` gives false. */
  attempt(action: string, encode: EncodeRequest, unknown: ArchiveErrorCodeName): ArchiveRequest<boolean> {
    const pending = this.submit(action, encode)
    return this.run(pending.correlationId, attemptSteps(this.#session.response(pending), unknown))
  }

  /** A request whose answer is a position in bytes. */
  position(action: string, encode: EncodeRequest): ArchiveRequest<number> {
    return this.#map(action, encode, positionOf)
  }

  /** A request whose answer is descriptors. Throws RangeError for a count that is not above 0. */
  listing<T extends RecordingDescriptor | RecordingSubscriptionDescriptor>(
    action: string,
    encode: EncodeRequest,
    count: number,
  ): ArchiveRequest<readonly T[]> {
    if (!Number.isInteger(count) || count < 1 || count > MAX_DESCRIPTORS) {
      throw new RangeError(
        `Cannot ${action}: count must be an integer from 1 to ${MAX_DESCRIPTORS}, current value is ${count}`,
      )
    }
    const pending = this.submit(action, encode, { descriptorLimit: count })
    return this.run(pending.correlationId, this.#session.descriptors<T>(pending))
  }

  /** A request whose answer is one descriptor, or that there is none. */
  single(action: string, encode: EncodeRequest): ArchiveRequest<RecordingDescriptor | undefined> {
    const list = this.listing<RecordingDescriptor>(action, encode, 1)
    return this.run(list.correlationId, firstOf(list))
  }

  #map<T>(
    action: string,
    encode: EncodeRequest,
    map: (relevantId: bigint) => T,
    kind: RequestKind = {},
  ): ArchiveRequest<T> {
    const pending = this.submit(action, encode, kind)
    return this.run(pending.correlationId, mapSteps(this.#session.response(pending), map))
  }
}

function* signalSteps(
  session: ControlSession,
  match: RecordingSignalMatch,
  timeoutMs: number,
): RequestSteps<RecordingSignalEvent> {
  const action = 'wait for a recording signal'
  const deadlineMs = session.parts.nowMs() + timeoutMs
  const { correlationId } = match
  let lateError: Arrived<ArchiveError> | undefined = undefined
  // Keeps an error from the error handler: it is told here.
  const onLateError = (): void => undefined
  if (correlationId !== undefined) session.lateErrors.add(correlationId, onLateError)
  try {
    for (;;) {
      if (correlationId !== undefined) lateError ??= session.lateErrors.find(correlationId)
      const event = session.signals.find(match)
      // A replication that fails ends too: the signal that comes after its error is no success.
      if (event !== undefined && !(lateError !== undefined && lateError.arrival < event.arrival)) {
        return event.value
      }
      if (lateError !== undefined) throw lateError.value
      session.checkAlive(action)
      if (session.parts.nowMs() > deadlineMs) {
        throw new ArchiveError('SIGNAL_TIMEOUT', `Cannot ${action}: it did not come in ${timeoutMs} ms`, {
          ...match,
          timeoutMs,
        })
      }
      yield undefined
    }
  } finally {
    if (correlationId !== undefined) session.lateErrors.remove(correlationId, onLateError)
  }
}

function* mapSteps<T>(steps: RequestSteps<bigint>, map: (relevantId: bigint) => T): RequestSteps<T> {
  return map(yield* steps)
}

function* attemptSteps(steps: RequestSteps<bigint>, unknown: ArchiveErrorCodeName): RequestSteps<boolean> {
  try {
    yield* steps
    return true
  } catch (error) {
    if (isArchiveError(error, unknown)) return false
    throw error
  }
}

function* firstOf<T>(list: ArchiveRequest<readonly T[]>): RequestSteps<T | undefined> {
  try {
    while (!list.poll()) yield undefined
    return list.result[0]
  } finally {
    list.cancel()
  }
}

function positionOf(relevantId: bigint): number {
  const position = Number(relevantId)
  if (Number.isSafeInteger(position)) return position
  throw new RangeError(`Cannot read a position: it must be a safe integer, current value is ${relevantId}`)
}
