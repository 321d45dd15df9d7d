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

/** What an entry of the log is. */
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
  /** In words, such as "message of session 2 (24 bytes)". */
  readonly description: string
  /** Position in bytes after it: the `cluster.logPosition` of its callback. */
  readonly position: number
  /** Cluster time; undefined for an entry that a service is told nothing of. */
  readonly timestamp: bigint | undefined
  /** Id of the session, service message or timer that it is of, where it is of one. */
  readonly id: bigint | undefined
  /** What a session or a service has sent; empty for other entries. */
  readonly payload: Uint8Array
}

/** An entry with the frames that it takes in the log. */
export interface FramedEntry extends LogEntry, FramedMessage {
  readonly position: number
}

/** Puts the entries of a log together from its frames, and reads what they are. */
export class LogEntries {
  readonly #assembler = new MessageAssembler()
  readonly #dispatcher = new MessageDispatcher()

  /** The entries that end in this block. */
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
    // What to do about a damaged entry is for the container to say.
    if (!(error instanceof RangeError)) throw error
  }
  return found
}
