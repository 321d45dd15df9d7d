import { align, AtomicBuffer } from '@x/atomic'
import { Action, type Header, type Image } from '@x/client'
import {
  ClusterActionRequestDecoder,
  MessageHeaderDecoder,
  NewLeadershipTermEventDecoder,
  SessionCloseEventDecoder,
  SessionMessageHeaderDecoder,
  SessionOpenEventDecoder,
  TimerEventDecoder,
  type CloseReason,
  type ClusterAction,
  ClusterTimeUnit,
} from '@x/codecs/cluster'
import { AgentTerminationError } from '@x/idlestrategy'
import { ClusterError } from '../cluster-error.ts'
import { CLUSTER_SESSION_ID_OFFSET, TIMESTAMP_OFFSET } from '../session-message-header.ts'
import type { LeadershipTerm } from './clustered-service.ts'
import type { SessionDescription } from './container-client-session.ts'
import { LastBigInt } from './last-bigint.ts'
import type { TurnBudget } from './turn-budget.ts'

// Flags of a data frame. Protocol: Aeron's FrameDescriptor.
const BEGIN_FRAGMENT = 0x80
const END_FRAGMENT = 0x40
const UNFRAGMENTED = BEGIN_FRAGMENT | END_FRAGMENT
const FRAME_ALIGNMENT = 32
// Ours: room for a few fragments; grows with the messages.
const INITIAL_MESSAGE_LENGTH = 8192

const HEADER_LENGTH: number = MessageHeaderDecoder.ENCODED_LENGTH
/** Stands in for the header that a mutilated entry does not have: an error names template and schema 0 then. */
const NO_HEADER = AtomicBuffer.allocate(HEADER_LENGTH)

/** What stands in the log. A method that returns false is called again with the same entry in a later turn. */
export interface LogEvents {
  /** The id of the session comes in two halves, as `getInt32` reads them, because a bigint would be allocated. */
  onSessionMessage(
    clusterSessionIdLow: number,
    clusterSessionIdHigh: number,
    timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
    header: Header,
  ): void
  onTimerEvent(logPosition: number, correlationId: bigint, timestamp: bigint): void
  onSessionOpen(logPosition: number, timestamp: bigint, session: SessionDescription): boolean
  onSessionClose(logPosition: number, clusterSessionId: bigint, timestamp: bigint, reason: CloseReason): void
  onServiceAction(action: LogAction): boolean
  onNewLeadershipTerm(term: LeadershipTerm): void
}

/** An action that the log asks of all members. */
export interface LogAction {
  readonly leadershipTermId: bigint
  readonly logPosition: number
  readonly timestamp: bigint
  readonly action: ClusterAction | undefined
  readonly flags: number
}

/**
 * Reads the log up to the commit position: reassembles messages, decodes them, and passes them on in order.
 * An entry that cannot be decoded or applied is never passed over: {@link poll} throws, and the image stays in front of it.
 * Source: `io.aeron.cluster.service.BoundedLogAdapter`.
 */
export class BoundedLogAdapter {
  readonly #events: LogEvents
  readonly #fragmentLimit: number
  readonly #budget: TurnBudget
  readonly #messageHeader = new MessageHeaderDecoder()
  readonly #sessionMessage = new SessionMessageHeaderDecoder()
  readonly #timestamp = new LastBigInt()
  readonly #timer = new TimerEventDecoder()
  readonly #open = new SessionOpenEventDecoder()
  readonly #close = new SessionCloseEventDecoder()
  readonly #action = new ClusterActionRequestDecoder()
  readonly #term = new NewLeadershipTermEventDecoder()
  readonly #onFragment: (buffer: AtomicBuffer, offset: number, length: number, header: Header) => Action
  // The message that is being put together; empty between messages. It outlives its log: the commit position may end a log within a
  // message, of which the next log, as the replay of an election, then brings the rest. Other members may read it in one log.
  #message = AtomicBuffer.allocate(INITIAL_MESSAGE_LENGTH)
  #messageLength = 0
  #nextPosition = -1
  #image: Image | undefined
  #failure: Error | undefined

  /** Position in bytes at which the log ends for this service; drained to it, the log is done. */
  maxLogPosition = 0

  constructor(events: LogEvents, fragmentLimit: number, budget: TurnBudget) {
    this.#events = events
    this.#fragmentLimit = fragmentLimit
    this.#budget = budget
    this.#onFragment = (buffer, offset, length, header) =>
      (header.flags & UNFRAGMENTED) === UNFRAGMENTED
        ? this.#onMessage(buffer, offset, length, header)
        : this.#onPart(buffer, offset, length, header)
  }

  /** The log that is being read, if any. */
  get image(): Image | undefined {
    return this.#image
  }

  /** Begins to read a log. */
  join(image: Image, maxLogPosition: number): void {
    this.#image = image
    this.maxLogPosition = maxLogPosition
  }

  /** Ends reading: closes the subscription of the log. */
  close(): void {
    const image = this.#image
    this.#image = undefined
    image?.subscription.close()
  }

  /** Whether nothing more will come out of the log: to be asked when a poll gave nothing. */
  get isDone(): boolean {
    const image = this.#image
    if (image === undefined) return false
    return image.position >= this.maxLogPosition || image.isEndOfStream || image.isClosed
  }

  /** Reads entries that begin below `limitPosition`, fewer than the limit when they take long. Returns fragments read. Throws what ends the agent. */
  poll(limitPosition: number): number {
    this.#budget.begin()
    const fragments =
      this.#image?.boundedControlledPoll(this.#onFragment, limitPosition, this.#fragmentLimit) ?? 0
    if (this.#failure !== undefined) {
      const failure = this.#failure
      this.#failure = undefined
      throw failure
    }
    return fragments
  }

  #onPart(buffer: AtomicBuffer, offset: number, length: number, header: Header): Action {
    const isBegin = (header.flags & BEGIN_FRAGMENT) !== 0
    const beginPosition = header.position - align(header.frameLength, FRAME_ALIGNMENT)
    if (isBegin) this.#messageLength = 0
    // A part without the ones before it belongs to a message whose leader died while writing it: no member applies that.
    else if (this.#messageLength === 0 || beginPosition !== this.#nextPosition) {
      this.#discard()
      return Action.CONTINUE
    }
    const lengthBefore = this.#messageLength
    this.#append(buffer, offset, length)
    this.#nextPosition = header.position
    if ((header.flags & END_FRAGMENT) === 0) return Action.CONTINUE
    const action = this.#onMessage(this.#message, 0, this.#messageLength, header)
    if (action === Action.ABORT) {
      // The last part comes again.
      this.#messageLength = lengthBefore
      this.#nextPosition = beginPosition
    } else {
      this.#discard()
    }
    return action
  }

  #append(buffer: AtomicBuffer, offset: number, length: number): void {
    const needed = this.#messageLength + length
    if (needed > this.#message.capacity) {
      const grown = AtomicBuffer.allocate(Math.max(needed, this.#message.capacity * 2))
      grown.putBytes(0, this.#message, 0, this.#messageLength)
      this.#message = grown
    }
    this.#message.putBytes(this.#messageLength, buffer, offset, length)
    this.#messageLength = needed
  }

  #discard(): void {
    this.#messageLength = 0
    this.#nextPosition = -1
  }

  // Nothing may throw through the image's poll: it would count the entry as read.
  #onMessage(buffer: AtomicBuffer, offset: number, length: number, header: Header): Action {
    try {
      if (!this.#dispatch(buffer, offset, length, header)) return Action.ABORT
      return this.#budget.isSpent() ? Action.BREAK : Action.CONTINUE
    } catch (error) {
      const isOurs = error instanceof AgentTerminationError || error instanceof ClusterError
      this.#failure = isOurs ? error : this.#invalid(header, 'it could not be decoded or applied', error)
      return Action.ABORT
    }
  }

  #dispatch(buffer: AtomicBuffer, offset: number, length: number, header: Header): boolean {
    const hasHeader = length >= HEADER_LENGTH
    const messageHeader = this.#messageHeader.wrap(hasHeader ? buffer : NO_HEADER, hasHeader ? offset : 0)
    if (!hasHeader) throw this.#invalid(header, `it must hold a message header, current length is ${length}`)
    if (messageHeader.schemaId !== SessionMessageHeaderDecoder.SCHEMA_ID) {
      throw this.#invalid(header, `its schema id must be ${SessionMessageHeaderDecoder.SCHEMA_ID}`)
    }
    const { templateId, blockLength, version } = messageHeader
    const bodyOffset = offset + HEADER_LENGTH
    const bodyLength = length - HEADER_LENGTH
    if (templateId === SessionMessageHeaderDecoder.TEMPLATE_ID) {
      const message = this.#sessionMessage.wrap(buffer, bodyOffset, blockLength, version, bodyLength)
      this.#events.onSessionMessage(
        buffer.getInt32(message.offset + CLUSTER_SESSION_ID_OFFSET),
        buffer.getInt32(message.offset + CLUSTER_SESSION_ID_OFFSET + 4),
        this.#timestamp.read(buffer, message.offset + TIMESTAMP_OFFSET),
        buffer,
        bodyOffset + blockLength,
        bodyLength - blockLength,
        header,
      )
      return true
    }
    return this.#dispatchEvent(buffer, bodyOffset, bodyLength, header)
  }

  #dispatchEvent(buffer: AtomicBuffer, offset: number, length: number, header: Header): boolean {
    const { templateId, blockLength, version } = this.#messageHeader
    const { position } = header
    switch (templateId) {
      case TimerEventDecoder.TEMPLATE_ID: {
        const event = this.#timer.wrap(buffer, offset, blockLength, version, length)
        this.#events.onTimerEvent(position, event.correlationId, event.timestamp)
        return true
      }
      case SessionOpenEventDecoder.TEMPLATE_ID:
        return this.#onSessionOpen(buffer, offset, length, header)
      case SessionCloseEventDecoder.TEMPLATE_ID: {
        const event = this.#close.wrap(buffer, offset, blockLength, version, length)
        const { clusterSessionId, timestamp, closeReason } = event
        if (closeReason === undefined) throw this.#invalid(header, 'its close reason must be known')
        this.#events.onSessionClose(position, clusterSessionId, timestamp, closeReason)
        return true
      }
      case ClusterActionRequestDecoder.TEMPLATE_ID:
        return this.#onAction(buffer, offset, length)
      case NewLeadershipTermEventDecoder.TEMPLATE_ID:
        this.#onTerm(buffer, offset, length)
        return true
      default:
        // Membership changes of old logs, and what newer versions add: not for a service.
        return true
    }
  }

  #onSessionOpen(buffer: AtomicBuffer, offset: number, length: number, header: Header): boolean {
    const { blockLength, version } = this.#messageHeader
    const event = this.#open.wrap(buffer, offset, blockLength, version, length)
    const { clusterSessionId: id, timestamp, responseStreamId, responseChannel } = event
    const encodedPrincipal = event.encodedPrincipal.slice()
    return this.#events.onSessionOpen(header.position, timestamp, {
      id,
      responseStreamId,
      responseChannel,
      encodedPrincipal,
    })
  }

  #onAction(buffer: AtomicBuffer, offset: number, length: number): boolean {
    const { blockLength, version } = this.#messageHeader
    const event = this.#action.wrap(buffer, offset, blockLength, version, length)
    const { leadershipTermId, logPosition, timestamp, action, flags } = event
    return this.#events.onServiceAction({
      leadershipTermId,
      logPosition,
      timestamp,
      action,
      flags: flags === ClusterActionRequestDecoder.FLAGS_NULL ? 0 : flags,
    })
  }

  #onTerm(buffer: AtomicBuffer, offset: number, length: number): void {
    const { blockLength, version } = this.#messageHeader
    const event = this.#term.wrap(buffer, offset, blockLength, version, length)
    this.#events.onNewLeadershipTerm({
      leadershipTermId: event.leadershipTermId,
      logPosition: event.logPosition,
      timestamp: event.timestamp,
      termBaseLogPosition: event.termBaseLogPosition,
      leaderMemberId: event.leaderMemberId,
      logSessionId: event.logSessionId,
      timeUnit: event.timeUnit ?? ClusterTimeUnit.MILLIS,
      appVersion: event.appVersion,
    })
  }

  #invalid(header: Header, what: string, cause?: unknown): ClusterError<'LOG_ENTRY_INVALID'> {
    const { templateId, schemaId, version } = this.#messageHeader
    const logPosition = header.position
    return new ClusterError(
      'LOG_ENTRY_INVALID',
      `Cannot apply the log entry that ends at position ${logPosition} (template ${templateId} of schema ${schemaId}, ` +
        `version ${version}): ${what}; skipping it would make this member differ`,
      { logPosition, templateId, schemaId, version },
      { cause },
    )
  }
}
