import type { AtomicBuffer } from '@x/atomic'
import { FragmentAssembler, type Subscription } from '@x/client'
import {
  ChallengeDecoder,
  ControlResponseDecoder,
  MessageHeaderDecoder,
  RecordingDescriptorDecoder,
  RecordingSignalEventDecoder,
  RecordingSubscriptionDescriptorDecoder,
  type ControlResponseCode,
} from '@x/codecs/archive'
import { ArchiveError } from '../archive-error.ts'
import {
  recordingDescriptorOf,
  recordingSubscriptionDescriptorOf,
  type RecordingDescriptor,
  type RecordingSubscriptionDescriptor,
} from '../recording/recording-descriptor.ts'
import type { RecordingSignalEvent } from '../recording/recording-signal.ts'

const FRAGMENT_LIMIT = 10

/** The archive's answer to a request. Source: ControlResponse of the archive schema. */
export interface ControlResponse {
  readonly controlSessionId: bigint
  readonly correlationId: bigint
  /** What the request asked for, or the error code. */
  readonly relevantId: bigint
  /** Undefined for a code that this version does not know. */
  readonly code: ControlResponseCode | undefined
  /** Version of the archive's protocol, major << 16 | minor << 8 | patch; 0 if the response has none. */
  readonly version: number
  /** Version of the archive's message schema. */
  readonly schemaVersion: number
  readonly errorMessage: string
}

/** What a {@link ControlResponseAdapter} makes of the response stream. */
export interface ControlResponseListener {
  onResponse(response: ControlResponse): void
  onChallenge?(controlSessionId: bigint, correlationId: bigint, encodedChallenge: Uint8Array): void
  onRecordingDescriptor?(
    controlSessionId: bigint,
    correlationId: bigint,
    descriptor: RecordingDescriptor,
  ): void
  onRecordingSubscriptionDescriptor?(
    controlSessionId: bigint,
    correlationId: bigint,
    descriptor: RecordingSubscriptionDescriptor,
  ): void
  onRecordingSignal?(controlSessionId: bigint, event: RecordingSignalEvent): void
}

/** Polls the control response stream and decodes it. Templates that this version does not know are left out. */
export class ControlResponseAdapter {
  readonly #subscription: Subscription
  readonly #listener: ControlResponseListener
  readonly #assembler = new FragmentAssembler((buffer, offset, length) =>
    this.#onMessage(buffer, offset, length),
  )
  readonly #messageHeader = new MessageHeaderDecoder()
  readonly #response = new ControlResponseDecoder()
  readonly #challenge = new ChallengeDecoder()
  readonly #descriptor = new RecordingDescriptorDecoder()
  readonly #subscriptionDescriptor = new RecordingSubscriptionDescriptorDecoder()
  readonly #signal = new RecordingSignalEventDecoder()

  constructor(subscription: Subscription, listener: ControlResponseListener) {
    this.#subscription = subscription
    this.#listener = listener
  }

  /** Takes in what has come. Returns the number of fragments. */
  poll(): number {
    return this.#subscription.poll(this.#assembler.onFragment, FRAGMENT_LIMIT)
  }

  #onMessage(buffer: AtomicBuffer, offset: number, length: number): void {
    const { blockLength, templateId, schemaId, version } = this.#messageHeader.wrap(buffer, offset)
    if (schemaId !== ControlResponseDecoder.SCHEMA_ID) {
      throw new ArchiveError(
        'RESPONSE_INVALID',
        `Cannot take a control response: schema id must be ${ControlResponseDecoder.SCHEMA_ID}, current value is ${schemaId}`,
        { schemaId, templateId },
      )
    }
    const body = offset + MessageHeaderDecoder.ENCODED_LENGTH
    const bodyLength = length - MessageHeaderDecoder.ENCODED_LENGTH
    switch (templateId) {
      case ControlResponseDecoder.TEMPLATE_ID:
        this.#listener.onResponse(
          responseOf(this.#response.wrap(buffer, body, blockLength, version, bodyLength), version),
        )
        break
      case RecordingSignalEventDecoder.TEMPLATE_ID: {
        const signal = this.#signal.wrap(buffer, body, blockLength, version, bodyLength)
        this.#listener.onRecordingSignal?.(signal.controlSessionId, signalOf(signal))
        break
      }
      case RecordingDescriptorDecoder.TEMPLATE_ID: {
        const descriptor = this.#descriptor.wrap(buffer, body, blockLength, version, bodyLength)
        const { controlSessionId, correlationId } = descriptor
        this.#listener.onRecordingDescriptor?.(
          controlSessionId,
          correlationId,
          recordingDescriptorOf(descriptor),
        )
        break
      }
      case RecordingSubscriptionDescriptorDecoder.TEMPLATE_ID: {
        const descriptor = this.#subscriptionDescriptor.wrap(buffer, body, blockLength, version, bodyLength)
        const { controlSessionId, correlationId } = descriptor
        this.#listener.onRecordingSubscriptionDescriptor?.(
          controlSessionId,
          correlationId,
          recordingSubscriptionDescriptorOf(descriptor),
        )
        break
      }
      case ChallengeDecoder.TEMPLATE_ID: {
        const challenge = this.#challenge.wrap(buffer, body, blockLength, version, bodyLength)
        const { controlSessionId, correlationId } = challenge
        this.#listener.onChallenge?.(controlSessionId, correlationId, challenge.encodedChallenge.slice())
        break
      }
      default:
    }
  }
}

function responseOf(decoder: ControlResponseDecoder, schemaVersion: number): ControlResponse {
  return {
    controlSessionId: decoder.controlSessionId,
    correlationId: decoder.correlationId,
    relevantId: decoder.relevantId,
    code: decoder.code,
    version: decoder.version,
    schemaVersion,
    errorMessage: decoder.errorMessage,
  }
}

function signalOf(decoder: RecordingSignalEventDecoder): RecordingSignalEvent {
  return {
    correlationId: decoder.correlationId,
    recordingId: decoder.recordingId,
    subscriptionId: decoder.subscriptionId,
    position: decoder.position,
    signal: decoder.signal,
  }
}
