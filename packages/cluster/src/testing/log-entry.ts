import {
  ClusterAction,
  MessageDispatcher,
  MessageHeaderDecoder,
  SessionMessageHeaderDecoder,
  type MessageHandlers,
} from '@x/codecs/cluster'
import { MessageAssembler, type FramedMessage, type LogBlock } from './message-assembler.ts'

const PAYLOAD_OFFSET: number = MessageHeaderDecoder.ENCODED_LENGTH + SessionMessageHeaderDecoder.BLOCK_LENGTH
const NOTHING = new Uint8Array()

/**
 * Kind of a log entry. Those of kind `other` are not for services, or of a template that this version does not know. Source: the templates of the cluster schema,
 * where messages of sessions and of services are both a `SessionMessageHeader`.
 */
export type LogEntryKind =
  | 'leadership-term'
  | 'session-open'
  | 'session-close'
  | 'session-message'
  | 'service-message'
  | 'timer'
  | 'snapshot'
  | 'other'

/** One entry of a replicated log. */
export interface LogEntry {
  readonly kind: LogEntryKind
  /** Description, such as "message of session 2 (24 bytes)". */
  readonly description: string
  /** Position in bytes after the entry; in its callback, `cluster.logPosition` has this value. */
  readonly position: number
  /** Cluster time, in the cluster's time unit; undefined for kind `other`. */
  readonly timestamp: bigint | undefined
  /** Id of the session, service message or timer (its correlation id) that the entry belongs to; undefined for the other kinds. */
  readonly id: bigint | undefined
  /** Message of a session or a service, without the session header; empty for the other kinds. */
  readonly payload: Uint8Array
}

/** An entry, and its frames in the log. */
export interface FramedEntry extends LogEntry, FramedMessage {
  readonly position: number
}

/** Assembles log entries from the frames of a log, and decodes them. */
export class LogEntries {
  readonly #assembler = new MessageAssembler()
  readonly #dispatcher = new MessageDispatcher()

  /** Takes the next block of the log. @returns the entries that end in it */
  take(block: LogBlock): FramedEntry[] {
    return this.#assembler
      .take(block)
      .map((message) => ({ ...describe(this.#dispatcher, message.message), ...message }))
  }
}

type Description = Omit<LogEntry, 'position'>

function describe(dispatcher: MessageDispatcher, bytes: Uint8Array): Description {
  let found: Description = {
    kind: 'other',
    description: `entry of ${bytes.length} bytes that services are not told of`,
    timestamp: undefined,
    id: undefined,
    payload: NOTHING,
  }
  const handlers: MessageHandlers = {
    onSessionMessageHeader: ({ clusterSessionId: id, timestamp }) => {
      const payload = bytes.subarray(PAYLOAD_OFFSET)
      const [kind, sender] =
        id < 0n
          ? (['service-message', 'a service'] as const)
          : (['session-message', `session ${id}`] as const)
      found = { kind, description: `message of ${sender} (${payload.length} bytes)`, timestamp, id, payload }
    },
    onSessionOpenEvent: ({ clusterSessionId: id, timestamp }) => {
      found = { ...found, kind: 'session-open', description: `opening of session ${id}`, timestamp, id }
    },
    onSessionCloseEvent: ({ clusterSessionId: id, timestamp }) => {
      found = { ...found, kind: 'session-close', description: `closing of session ${id}`, timestamp, id }
    },
    onTimerEvent: ({ correlationId: id, timestamp }) => {
      found = { ...found, kind: 'timer', description: `timer ${id}`, timestamp, id }
    },
    onNewLeadershipTermEvent: ({ leadershipTermId, timestamp }) => {
      const description = `begin of leadership term ${leadershipTermId}`
      found = { ...found, kind: 'leadership-term', description, timestamp }
    },
    onClusterActionRequest: ({ action, timestamp }) => {
      if (action !== ClusterAction.SNAPSHOT) return
      found = { ...found, kind: 'snapshot', description: 'snapshot', timestamp }
    },
  }
  try {
    dispatcher.dispatch(bytes, 0, bytes.length, handlers)
  } catch (error) {
    // The container decides what to do about a damaged entry.
    if (!(error instanceof RangeError)) throw error
  }
  return found
}
