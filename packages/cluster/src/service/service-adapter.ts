import type { AtomicBuffer } from '@x/atomic'
import { FragmentAssembler, type FragmentHandler, type Subscription } from '@x/client'
import {
  BooleanType,
  JoinLogDecoder,
  MessageHeaderDecoder,
  RequestServiceAckDecoder,
  ServiceTerminationPositionDecoder,
} from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import type { ActiveLogEvent } from './active-log-event.ts'
import { Role } from './cluster.ts'

// Ours and Java's: one message changes what has to be done before the next can be understood.
const FRAGMENT_LIMIT = 1

/** The messages of the consensus module to its services. */
export interface ServiceControlEvents {
  onJoinLog(event: ActiveLogEvent): void
  onServiceTerminationPosition(logPosition: number, isAckRequired: boolean): void
  onRequestServiceAck(logPosition: number): void
}

/** Reads the control stream from the consensus module. Source: `io.aeron.cluster.service.ServiceAdapter`. */
export class ServiceAdapter {
  readonly #subscription: Subscription
  readonly #events: ServiceControlEvents
  readonly #header = new MessageHeaderDecoder()
  readonly #joinLog = new JoinLogDecoder()
  readonly #terminationPosition = new ServiceTerminationPositionDecoder()
  readonly #requestAck = new RequestServiceAckDecoder()
  readonly #onFragment: FragmentHandler
  #failure: Error | undefined

  constructor(subscription: Subscription, events: ServiceControlEvents) {
    this.#subscription = subscription
    this.#events = events
    // What the consensus module tells tools here may be long, and the rest of a message read as one of its own could be anything.
    const assembler = new FragmentAssembler((buffer, offset, length) => {
      try {
        this.#onMessage(buffer, offset, length)
      } catch (error) {
        this.#failure = error instanceof ClusterError ? error : this.#undecodable(length, error)
      }
    })
    this.#onFragment = assembler.onFragment
  }

  /** Reads one message at most. Throws CONTROL_MESSAGE_INVALID. */
  poll(): number {
    const fragments = this.#subscription.poll(this.#onFragment, FRAGMENT_LIMIT)
    if (this.#failure !== undefined) {
      const failure = this.#failure
      this.#failure = undefined
      throw failure
    }
    return fragments
  }

  close(): void {
    this.#subscription.close()
  }

  #onMessage(buffer: AtomicBuffer, offset: number, messageLength: number): void {
    if (messageLength < MessageHeaderDecoder.ENCODED_LENGTH) throw tooShort(messageLength)
    const header = this.#header.wrap(buffer, offset)
    const { templateId, schemaId, version, blockLength } = header
    const body = offset + MessageHeaderDecoder.ENCODED_LENGTH
    const length = messageLength - MessageHeaderDecoder.ENCODED_LENGTH
    if (schemaId !== JoinLogDecoder.SCHEMA_ID || blockLength > length) {
      throw new ClusterError(
        'CONTROL_MESSAGE_INVALID',
        `Cannot read a message of the consensus module: it must be of schema ${JoinLogDecoder.SCHEMA_ID} and complete, current ` +
          `schema is ${schemaId}, template ${templateId}, length ${length}`,
        { templateId, schemaId, version },
      )
    }
    switch (templateId) {
      case JoinLogDecoder.TEMPLATE_ID:
        this.#onJoinLog(buffer, body, length)
        break
      case ServiceTerminationPositionDecoder.TEMPLATE_ID: {
        const event = this.#terminationPosition.wrap(buffer, body, blockLength, version, length)
        // Before version 17 there is no such field, and the consensus module waits for the ack.
        this.#events.onServiceTerminationPosition(event.logPosition, event.ackRequired !== BooleanType.FALSE)
        break
      }
      case RequestServiceAckDecoder.TEMPLATE_ID: {
        const event = this.#requestAck.wrap(buffer, body, blockLength, version, length)
        this.#events.onRequestServiceAck(event.logPosition)
        break
      }
      default:
      // Answers to the queries of tools, and what newer versions add: not for a service.
    }
  }

  #undecodable(length: number, cause: unknown): ClusterError<'CONTROL_MESSAGE_INVALID'> {
    const { templateId, schemaId, version } = this.#header
    return new ClusterError(
      'CONTROL_MESSAGE_INVALID',
      `Cannot read a message of the consensus module (template ${templateId}, length ${length}): it could not be decoded`,
      { templateId, schemaId, version },
      { cause },
    )
  }

  #onJoinLog(buffer: AtomicBuffer, offset: number, length: number): void {
    const { blockLength, version } = this.#header
    const event = this.#joinLog.wrap(buffer, offset, blockLength, version, length)
    this.#events.onJoinLog({
      logPosition: event.logPosition,
      maxLogPosition: toPosition(event.maxLogPosition),
      memberId: event.memberId,
      logSessionId: event.logSessionId,
      logStreamId: event.logStreamId,
      isStartup: event.isStartup === BooleanType.TRUE,
      role: toRole(event.role),
      isStandby: event.isStandby === BooleanType.TRUE,
      logChannel: event.logChannel,
    })
  }
}

function tooShort(length: number): ClusterError<'CONTROL_MESSAGE_INVALID'> {
  return new ClusterError(
    'CONTROL_MESSAGE_INVALID',
    `Cannot read a message of the consensus module: it must hold a message header, current length is ${length}`,
    { templateId: 0, schemaId: 0, version: 0 },
  )
}

// A log without end has the largest int64, which is no safe integer; no position gets beyond the largest safe one.
function toPosition(value: bigint): number {
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
}

function toRole(code: number): Role {
  if (code === Role.LEADER || code === Role.CANDIDATE) return code
  return Role.FOLLOWER
}
