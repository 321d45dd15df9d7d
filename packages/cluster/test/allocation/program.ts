import { AtomicBuffer } from '@x/atomic'
import type { ControlledFragmentHandler, Header, Image, Publication } from '@x/client'
import { systemNanoClock } from '@x/idlestrategy'
import { countHeap, report } from '@x/steady-state/program'
import { BoundedLogAdapter } from '../../src/service/bounded-log-adapter.ts'
import type { ClientSession } from '../../src/service/client-session.ts'
import { ClientSessions } from '../../src/service/client-sessions.ts'
import { Role } from '../../src/service/cluster.ts'
import type { ClusteredService } from '../../src/service/clustered-service.ts'
import { ContainerClientSession } from '../../src/service/container-client-session.ts'
import { LifecycleGuard } from '../../src/service/lifecycle-guard.ts'
import { LogCallbacks, type LogCallbacksParts } from '../../src/service/log-callbacks.ts'
import { ServiceCallbacks } from '../../src/service/service-callbacks.ts'
import { ServiceState } from '../../src/service/service-state.ts'
import { SessionEgress } from '../../src/service/session-egress.ts'
import { ActivityBoard } from '../../src/service/stall/activity-board.ts'
import { TurnBudget } from '../../src/service/turn-budget.ts'
import { CLUSTER_SESSION_ID_OFFSET, TIMESTAMP_OFFSET } from '../../src/session-message-header.ts'
import { sessionMessage } from '../support/log-messages.ts'

// Counts the bytes of heap that a session message of the log takes from the image to the service, and the service's answer back to the
// publication. Arguments: the case, messages. allocation.test.ts runs it.

/** How the entries of a log differ. */
interface LogCase {
  readonly sessions: number
  /** Entries with the same timestamp, as those of one millisecond are. */
  readonly perTimestamp: number
  /** Whether they come from services, whose messages have ids that count up from the least one. */
  readonly areOfServices?: boolean
}

const CASES: Readonly<Record<string, LogCase>> = {
  'one session': { sessions: 1, perTimestamp: Infinity },
  'many sessions': { sessions: 5_000, perTimestamp: Infinity },
  'many sessions, new timestamps': { sessions: 5_000, perTimestamp: 100 },
  'messages of services': { sessions: 1, perTimestamp: Infinity, areOfServices: true },
}

const [, , name = '', count] = process.argv
const MESSAGES = Number(count)
const logCase = CASES[name]!
const WARM_UP = 500_000
const FRAGMENT_LIMIT = 50
const OFFSET = 32
const FIRST_SESSION_ID = 7n

const message = sessionMessage(FIRST_SESSION_ID, 1_700_000_000_000n, new Uint8Array(32))
const buffer = AtomicBuffer.allocate(256)
buffer.putBytes(OFFSET, message, 0, message.length)
const SESSION_ID_AT = OFFSET + 8 + CLUSTER_SESSION_ID_OFFSET
const TIMESTAMP_AT = OFFSET + 8 + TIMESTAMP_OFFSET
const firstTimestamp = buffer.getInt32(TIMESTAMP_AT)
if (logCase.areOfServices === true) buffer.putInt64(SESSION_ID_AT, -(2n ** 63n))
const firstSessionId = buffer.getInt32(SESSION_ID_AT)
const header = { flags: 0xc0, position: 128, frameLength: 32 + message.length } as unknown as Header
let entries = 0

/** The same message, with another session and now and then another timestamp. */
const image = {
  boundedControlledPoll: (handler: ControlledFragmentHandler, _limit: number, fragmentLimit: number) => {
    for (let i = 0; i < fragmentLimit; i++) {
      const session = logCase.areOfServices === true ? entries : entries % logCase.sessions
      buffer.putInt32(SESSION_ID_AT, firstSessionId + session)
      buffer.putInt32(TIMESTAMP_AT, firstTimestamp + Math.floor(entries / logCase.perTimestamp))
      entries++
      handler(buffer, OFFSET, message.length, header)
    }
    return fragmentLimit
  },
} as unknown as Image

/** What a service looks at, and its answer. */
class EchoService {
  messages = 0
  answered = 0
  checksum = 0

  onSessionMessage(
    session: ClientSession | undefined,
    _timestamp: bigint,
    from: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    this.messages++
    this.checksum ^= from.getInt32(offset) ^ length
    if (session !== undefined && session.offer(from, offset, length) > 0) this.answered++
  }
}

const publication = {
  maxMessageLength: 1_000,
  offerParts: (head: AtomicBuffer) => head.capacity,
} as unknown as Publication
const service = new EchoService()
const guard = new LifecycleGuard()
const state = new ServiceState()
state.role = Role.LEADER
const onError = (error: unknown): never => {
  throw error
}
// As where a thread watches over the container.
const board = new ActivityBoard()
board.isWatched = true
board.tick()
const sessions = new ClientSessions<ContainerClientSession>()
const egress = new SessionEgress(state, guard, onError)
for (let i = 0; i < logCase.sessions; i++) {
  const id = FIRST_SESSION_ID + BigInt(i)
  const responseChannel = 'aeron:ipc'
  const description = { id, responseChannel, responseStreamId: 102, encodedPrincipal: new Uint8Array() }
  const session = new ContainerClientSession(description, egress, () => true)
  session.connect(publication)
  sessions.add(session)
}
const policy = { onError, terminateOnServiceError: false }
const callbacks = new ServiceCallbacks(service as unknown as ClusteredService, guard, state, policy, board)
// Of the rest only entries of other kinds make use.
const parts = { state, sessions, egress, callbacks, onError } as unknown as LogCallbacksParts
const budget = new TurnBudget(systemNanoClock, board)
const adapter = new BoundedLogAdapter(new LogCallbacks(parts), FRAGMENT_LIMIT, budget)
adapter.join(image, Number.MAX_SAFE_INTEGER)

function run(messages: number): void {
  const end = service.messages + messages
  while (service.messages < end) adapter.poll(1_000)
}

run(WARM_UP)
const perMessage = countHeap(name, MESSAGES, run)
const expected = logCase.areOfServices === true ? 0 : service.messages
if (service.answered !== expected) throw new Error(`Cannot count: ${service.answered} answers of ${expected}`)
report({ [name]: perMessage })
