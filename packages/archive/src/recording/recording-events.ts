import type { AtomicBuffer } from '@x/atomic'
import { FragmentAssembler, type Subscription } from '@x/client'
import {
  MessageHeaderDecoder,
  RecordingProgressDecoder,
  RecordingStartedDecoder,
  RecordingStoppedDecoder,
} from '@x/codecs/archive'
import { setTimeout } from 'node:timers/promises'
import { ArchiveError } from '../archive-error.ts'

const FRAGMENT_LIMIT = 10
/** Between two polls that find nothing, in milliseconds. Ours: the least that a timer can do. */
const IDLE_MS = 1

/** A recording has started. Source: RecordingStarted of the archive schema. */
export interface RecordingStartedEvent {
  readonly type: 'started'
  readonly recordingId: bigint
  /** Position in bytes at which it begins. */
  readonly startPosition: number
  /** Session id of the recorded stream. */
  readonly sessionId: number
  /** Stream id of the recorded stream. */
  readonly streamId: number
  /** Channel as given in the request to record. */
  readonly channel: string
  /** Source of the recorded stream: `host:port` of the publisher, or `aeron:ipc`. */
  readonly sourceIdentity: string
}

/** A recording has progressed. The archive omits some of these events when they are not read fast enough. Source: RecordingProgress of the archive schema. */
export interface RecordingProgressEvent {
  readonly type: 'progress'
  readonly recordingId: bigint
  /** Position in bytes at which the recording begins. */
  readonly startPosition: number
  /** Position in bytes up to which the stream is recorded. */
  readonly position: number
}

/** A recording has ended. Source: RecordingStopped of the archive schema. */
export interface RecordingStoppedEvent {
  readonly type: 'stopped'
  readonly recordingId: bigint
  /** Position in bytes at which the recording begins. */
  readonly startPosition: number
  /** Position in bytes at which it ends. */
  readonly stopPosition: number
}

/** An event of the recording events stream of an archive. */
export type RecordingEvent = RecordingStartedEvent | RecordingProgressEvent | RecordingStoppedEvent

/** Receives recording events, one method for each kind. Source: `io.aeron.archive.client.RecordingEventsListener`. */
export interface RecordingEventsListener {
  onStarted?(event: RecordingStartedEvent): void
  onProgress?(event: RecordingProgressEvent): void
  onStopped?(event: RecordingStoppedEvent): void
}

/**
 * Reads the recording events stream of an archive, which must have `aeron.archive.recording.events.enabled`, from a subscription to its events channel and stream
 * (stream 30 by default). Source: `io.aeron.archive.client.RecordingEventsAdapter`.
 */
export class RecordingEventsAdapter {
  readonly #subscription: Subscription
  readonly #listener: RecordingEventsListener
  readonly #header = new MessageHeaderDecoder()
  readonly #started = new RecordingStartedDecoder()
  readonly #progress = new RecordingProgressDecoder()
  readonly #stopped = new RecordingStoppedDecoder()
  readonly #assembler = new FragmentAssembler((buffer, offset, length) =>
    this.#onMessage(buffer, offset, length),
  )

  constructor(subscription: Subscription, listener: RecordingEventsListener) {
    this.#subscription = subscription
    this.#listener = listener
  }

  /**
   * Passes the next events to the listener, up to 10.
   *
   * @returns the number of fragments
   * @throws ArchiveError RESPONSE_INVALID for a message that is not of the archive's schema
   */
  poll(): number {
    return this.#subscription.poll(this.#assembler.onFragment, FRAGMENT_LIMIT)
  }

  #onMessage(buffer: AtomicBuffer, offset: number, length: number): void {
    const { blockLength, templateId, schemaId, version } = this.#header.wrap(buffer, offset)
    if (schemaId !== RecordingStartedDecoder.SCHEMA_ID) {
      throw new ArchiveError(
        'RESPONSE_INVALID',
        `Cannot take a recording event: schema id must be ${RecordingStartedDecoder.SCHEMA_ID}, current value is ${schemaId}`,
        { schemaId, templateId },
      )
    }
    const body = offset + MessageHeaderDecoder.ENCODED_LENGTH
    const bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH
    switch (templateId) {
      case RecordingStartedDecoder.TEMPLATE_ID: {
        const started = this.#started.wrap(buffer, body, blockLength, version, bodyLength)
        const { recordingId, startPosition, sessionId, streamId } = started
        const { channel } = started
        const { sourceIdentity } = started
        this.#listener.onStarted?.({
          type: 'started',
          recordingId,
          startPosition,
          sessionId,
          streamId,
          channel,
          sourceIdentity,
        })
        break
      }
      case RecordingProgressDecoder.TEMPLATE_ID: {
        const progress = this.#progress.wrap(buffer, body, blockLength, version, bodyLength)
        const { recordingId, startPosition, position } = progress
        this.#listener.onProgress?.({ type: 'progress', recordingId, startPosition, position })
        break
      }
      case RecordingStoppedDecoder.TEMPLATE_ID: {
        const stopped = this.#stopped.wrap(buffer, body, blockLength, version, bodyLength)
        const { recordingId, startPosition, stopPosition } = stopped
        this.#listener.onStopped?.({ type: 'stopped', recordingId, startPosition, stopPosition })
        break
      }
      default:
    }
  }
}

/**
 * Iterates over the recording events of an archive until the subscription is closed: `for await (const event of recordingEvents(subscription))`.
 *
 * @throws the reason of the signal, or an ArchiveError RESPONSE_INVALID for a message that is not of the archive's schema
 */
export async function* recordingEvents(
  subscription: Subscription,
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<RecordingEvent, void, undefined> {
  const events: RecordingEvent[] = []
  const take = (event: RecordingEvent): void => void events.push(event)
  const adapter = new RecordingEventsAdapter(subscription, {
    onStarted: take,
    onProgress: take,
    onStopped: take,
  })
  while (!subscription.isClosed) {
    signal?.throwIfAborted()
    if (adapter.poll() === 0) await setTimeout(IDLE_MS)
    else yield* events.splice(0)
  }
}
