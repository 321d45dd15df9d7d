import type { AtomicBuffer } from '@x/atomic'
import { BACK_PRESSURED, type OfferSource } from '@x/client'
import { CloseReason, MessageHeaderDecoder, SessionMessageHeaderDecoder } from '@x/codecs/cluster'
import { lengthOf } from '../service/offer-length.ts'
import { SESSION_HEADER_LENGTH } from '../session-message-header.ts'
import type { EgressSink } from './memory-driver.ts'
import { PublicationScript } from './publication-script.ts'

/** Options of a client. */
export interface TestSessionOptions {
  /** The authenticated principal. @default empty */
  readonly principal?: Uint8Array | string
  /** Channel of the egress. @default one of its own */
  readonly responseChannel?: string
  /** Stream id of the egress. @default 102 */
  readonly responseStreamId?: number
  /** Whether the member's driver can reach the client; otherwise the session has no egress. @default true */
  readonly isReachable?: boolean
}

/** A message that the service sent to a session. */
export interface TestResponse {
  /** Cluster time at which it was sent. */
  readonly timestamp: bigint
  readonly leadershipTermId: bigint
  readonly payload: Uint8Array
}

/** @internal What a session asks of its cluster. */
export interface SessionHost {
  send(session: TestSession, payload: Uint8Array): void
  closeSession(session: TestSession, reason: CloseReason): void
  onResponse(session: TestSession, response: TestResponse): void
  readonly time: bigint
}

/** A client of the cluster, controlled by the test. */
export class TestSession {
  readonly id: bigint
  readonly encodedPrincipal: Uint8Array
  readonly responseChannel: string
  readonly responseStreamId: number
  /** What the service has sent, in order; nothing while the member is not the leader. */
  readonly responses: TestResponse[] = []
  /** Why the session is closed; undefined while it is open. */
  closeReason: CloseReason | undefined
  /** Cluster time of its last activity. */
  lastActivity: bigint
  /** @internal Where its egress goes to. */
  readonly sink: EgressSink
  readonly #host: SessionHost
  readonly #script = new PublicationScript()
  readonly #header = new MessageHeaderDecoder()
  readonly #sessionHeader = new SessionMessageHeaderDecoder()

  /** @internal */
  constructor(id: bigint, options: TestSessionOptions, host: SessionHost) {
    const { principal = new Uint8Array(), isReachable = true } = options
    this.id = id
    this.encodedPrincipal = typeof principal === 'string' ? new TextEncoder().encode(principal) : principal
    this.responseChannel = options.responseChannel ?? `aeron:udp?endpoint=client-${id}:0`
    this.responseStreamId = options.responseStreamId ?? 102
    this.lastActivity = host.time
    this.#host = host
    this.sink = {
      script: this.#script,
      isReachable,
      onEgress: (message) => this.#onEgress(message),
    }
  }

  /** @internal Whether a test has decided what a send to it gives. */
  get isScripted(): boolean {
    return this.#script.isUsed || !this.sink.isReachable
  }

  /** Whether the session is open. */
  get isOpen(): boolean {
    return this.closeReason === undefined
  }

  /** The payloads of {@link responses}. */
  get payloads(): readonly Uint8Array[] {
    return this.responses.map(({ payload }) => payload)
  }

  /** Sends a message. When this returns, it has been committed and applied, with everything that follows from it. */
  send(buffer: OfferSource, offset = 0, length: number = lengthOf(buffer) - offset): void {
    this.#host.send(this, bytesOf(buffer).slice(offset, offset + length))
  }

  /** Sends a keep-alive, for clusters with a session timeout. */
  keepAlive(): void {
    this.lastActivity = this.#host.time
  }

  /** Closes the session, as the client would. */
  close(): void {
    this.#host.closeSession(this, CloseReason.CLIENT_ACTION)
  }

  /** Simulates that the client is gone, so that the cluster closes its session. */
  timeOut(): void {
    this.#host.closeSession(this, CloseReason.TIMEOUT)
  }

  /**
   * Makes the next `count` sends to this session return `result` instead of being sent: `BACK_PRESSURED`, `NOT_CONNECTED`, `ADMIN_ACTION` or `CLOSED`. Infinity
   * simulates a client that never reads.
   */
  backPressure(count: number, result: number = BACK_PRESSURED): void {
    this.#script.refuse(count, result)
  }

  /** Returns and removes the responses so far. */
  takeResponses(): TestResponse[] {
    return this.responses.splice(0)
  }

  #onEgress(message: Uint8Array): void {
    const { timestamp, leadershipTermId } = this.#sessionHeader.wrapAndApplyHeader(message, 0, this.#header)
    const payload = message.subarray(SESSION_HEADER_LENGTH)
    const response = { timestamp, leadershipTermId, payload }
    this.responses.push(response)
    this.#host.onResponse(this, response)
  }
}

function bytesOf(source: AtomicBuffer | Uint8Array): Uint8Array {
  return source instanceof Uint8Array ? source : source.bytes
}
