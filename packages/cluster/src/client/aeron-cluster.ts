import {
  Aeron,
  ControlledFragmentAssembler,
  FragmentAssembler,
  isRetryable,
  type BufferClaim,
  type Header,
  type Image,
  type OfferSource,
  type OfferVector,
  type Publication,
  type Subscription,
} from '@x/client'
import { EventCode } from '@x/codecs/cluster'
import type { ClusterError } from '../cluster-error.ts'
import { lengthOf } from '../service/offer-length.ts'
import { SESSION_HEADER_LENGTH, SessionMessageHeader } from '../session-message-header.ts'
import {
  aeronOptionsOf,
  resolveAeronClusterOptions,
  type AeronClusterOptions,
  type ResolvedAeronClusterOptions,
} from './aeron-cluster-options.ts'
import { AsyncConnect, type ConnectedSession } from './async-connect.ts'
import { awaitConnect, awaitConnectSync } from './await-connect.ts'
import { aeronClosed, linkLost, sessionClosed } from './close-cause.ts'
import { EgressAdapter } from './egress-adapter.ts'
import type { NewLeader, SessionEvent } from './egress-listener.ts'
import { controlledEgressSink, egressSink, type SessionEventHandler } from './egress-sinks.ts'
import { ingressChannelOf, parseIngressEndpoints } from './ingress-endpoints.ts'
import {
  encodeSessionCloseRequest,
  encodeSessionKeepAlive,
  encodeSnapshotRequest,
} from './ingress-requests.ts'
import { AeronClusterState, LeaderLink } from './leader-link.ts'
import { PublicationAttempt } from './publication-attempt.ts'

/** Fragments per poll. Ours: that of Aeron's client, so that one poll cannot delay the caller for long. */
const FRAGMENT_LIMIT = 10
/** Attempts to send a keep-alive, a close or an administrative request. Source: Aeron's AeronCluster. */
const SEND_ATTEMPTS = 3

const monotonicMs = (): number => performance.now()

/**
 * A client's session with a cluster; corresponds to `io.aeron.cluster.client.AeronCluster`.
 *
 * Send messages with {@link offer} or {@link tryClaim}. Responses and events are passed to the egress listener by {@link pollEgress} or
 * {@link controlledPollEgress}, which must be called often: they also follow the cluster to a new leader, notice the end of the session, and then close the
 * client. The cluster closes a session that has been silent for longer than its session timeout. Unless messages are sent continuously, call
 * {@link sendKeepAlive} or set the option `keepAliveIntervalMs`.
 */
export class AeronCluster implements Disposable, SessionEventHandler {
  /** The Aeron client in use. */
  readonly aeron: Aeron
  /** The options, with defaults filled in. */
  readonly options: ResolvedAeronClusterOptions
  /** Id of the session, which never changes. */
  readonly clusterSessionId: bigint
  /** The egress subscription. */
  readonly egressSubscription: Subscription

  readonly #ownsAeron: boolean
  readonly #nowMs: () => number
  readonly #link: LeaderLink
  readonly #newLeaderTimeoutMs: number
  readonly #sessionHeader = new SessionMessageHeader()
  readonly #assembler: FragmentAssembler
  readonly #controlledAssembler: ControlledFragmentAssembler
  #egressImage: Image
  #leadershipTermId: bigint
  #leaderMemberId: number
  #keepAliveDeadlineMs: number
  #closeCause: ClusterError | undefined = undefined

  private constructor(session: ConnectedSession) {
    const { options } = session
    this.aeron = session.aeron
    this.options = options
    this.clusterSessionId = session.clusterSessionId
    this.egressSubscription = session.egressSubscription
    this.#ownsAeron = session.ownsAeron
    this.#nowMs = session.nowMs
    this.#egressImage = session.egressImage
    this.#leadershipTermId = session.leadershipTermId
    this.#leaderMemberId = session.leaderMemberId
    this.#newLeaderTimeoutMs =
      options.newLeaderTimeoutMs ?? (2 * Number(session.leaderHeartbeatTimeoutNs)) / 1_000_000
    this.#link = new LeaderLink(
      session.publication,
      { newLeaderTimeoutMs: this.#newLeaderTimeoutMs, messageTimeoutMs: options.messageTimeoutMs },
      session.nowMs,
    )
    this.#keepAliveDeadlineMs = session.nowMs() + options.keepAliveIntervalMs
    this.#sessionHeader.setClusterSessionId(session.clusterSessionId)
    this.#sessionHeader.setLeadershipTermId(session.leadershipTermId)
    const adapter = new EgressAdapter(this.clusterSessionId, egressSink(this.clusterSessionId, options, this))
    this.#assembler = new FragmentAssembler((buffer, offset, length, header) => {
      adapter.onMessage(buffer, offset, length, header)
    })
    const controlledAdapter = new EgressAdapter(
      this.clusterSessionId,
      controlledEgressSink(this.clusterSessionId, options, this),
    )
    this.#controlledAssembler = new ControlledFragmentAssembler((buffer, offset, length, header) =>
      controlledAdapter.onMessage(buffer, offset, length, header),
    )
  }

  /**
   * Connects to a cluster.
   *
   * @param options how to connect; aborting `signal` rejects with its reason
   * @throws ClusterError CONNECT_TIMEOUT, CONNECT_FAILED, SESSION_REJECTED, AUTHENTICATION_REJECTED
   * @throws TypeError | RangeError | SyntaxError for invalid options
   */
  static async connect(
    options: AeronClusterOptions & { readonly signal?: AbortSignal },
  ): Promise<AeronCluster> {
    const { signal, ...rest } = options
    const resolved = resolveAeronClusterOptions(rest)
    signal?.throwIfAborted()
    const aeron =
      resolved.aeron ?? (await Aeron.connect({ ...aeronOptionsOf(resolved), ...(signal && { signal }) }))
    return awaitConnect(AeronCluster.#connecting(resolved, aeron), signal)
  }

  /**
   * Like {@link connect}, but blocks the calling thread; for agents. If it creates an Aeron client, polling egress invokes that client's conductor. An Aeron client
   * that you pass must have `useConductorAgentInvoker`, because nothing else runs while the thread is blocked.
   *
   * @throws what {@link connect} rejects with
   */
  static connectSync(options: AeronClusterOptions): AeronCluster {
    if (options.aeron !== undefined && options.aeron.conductorAgentInvoker === undefined) {
      throw new TypeError(
        'Cannot connect to the cluster: an Aeron client that is given to connectSync must have useConductorAgentInvoker',
      )
    }
    return awaitConnectSync(AeronCluster.asyncConnect(options))
  }

  /**
   * Starts to connect; for agents that must not block. Call `poll` until it returns the client. If no Aeron client is passed in the options, one with a conductor
   * invoker is connected first, and that waits for the driver.
   *
   * @throws TypeError | RangeError | SyntaxError for invalid options
   */
  static asyncConnect(options: AeronClusterOptions): AsyncConnect<AeronCluster> {
    const resolved = resolveAeronClusterOptions(options)
    const aeron =
      resolved.aeron ?? Aeron.connectSync({ ...aeronOptionsOf(resolved), useConductorAgentInvoker: true })
    return AeronCluster.#connecting(resolved, aeron)
  }

  static #connecting(options: ResolvedAeronClusterOptions, aeron: Aeron): AsyncConnect<AeronCluster> {
    return new AsyncConnect(
      { aeron, ownsAeron: options.aeron === undefined, options, nowMs: monotonicMs },
      (session) => new AeronCluster(session),
    )
  }

  /** State of the session. */
  get state(): AeronClusterState {
    return this.#link.state
  }

  /** Whether the client has been closed, by the application or by itself; see {@link closeCause}. */
  get isClosed(): boolean {
    return this.#link.state === AeronClusterState.CLOSED
  }

  /**
   * Why the client closed itself: SESSION_CLOSED, NEW_LEADER_TIMEOUT, INGRESS_EXHAUSTED or CLIENT_AERON_CLOSED. Undefined while it is open, and when the
   * application closed it.
   */
  get closeCause(): ClusterError | undefined {
    return this.#closeCause
  }

  /** Id of the current leadership term, as far as the client knows. */
  get leadershipTermId(): bigint {
    return this.#leadershipTermId
  }

  /** Id of the leader, as far as the client knows. */
  get leaderMemberId(): number {
    return this.#leaderMemberId
  }

  /** The ingress publication to the leader; undefined while there is no leader, and once closed. */
  get ingressPublication(): Publication | undefined {
    return this.#link.publication
  }

  /**
   * Sends a message to the clustered service.
   *
   * @returns a position above 0, or one of the negative results of a publication. NOT_CONNECTED means that a new leader is awaited: keep polling egress. CLOSED
   *   means that this client is closed, or is about to be.
   * @throws RangeError for a message longer than the publication's maximum less {@link SESSION_HEADER_LENGTH}
   */
  offer(buffer: OfferSource, offset = 0, length?: number): number {
    const publication = this.#link.publication
    if (publication === undefined) return this.#link.resultWithoutPublication
    const bodyLength = length ?? lengthOf(buffer) - offset
    const { buffer: head } = this.#sessionHeader
    return this.#link.track(
      publication.offerParts(head, 0, SESSION_HEADER_LENGTH, buffer, offset, bodyLength),
    )
  }

  /** Like {@link offer}, for a message in several parts. */
  offerVectors(vectors: readonly OfferVector[]): number {
    const publication = this.#link.publication
    if (publication === undefined) return this.#link.resultWithoutPublication
    return this.#link.track(publication.offerVectors([{ buffer: this.#sessionHeader.buffer }, ...vectors]))
  }

  /**
   * Claims space for a message of `length` bytes, to be written in place. The claim begins with the session header, which is already written: write the message at
   * `claim.offset + SESSION_HEADER_LENGTH`, then commit or abort the claim.
   *
   * @returns what {@link offer} returns
   * @throws RangeError when `length` is negative, or greater than `maxPayloadLength` of the publication less {@link SESSION_HEADER_LENGTH}
   */
  tryClaim(length: number, claim: BufferClaim): number {
    if (length < 0) {
      // The publication would take it, and the session header would not fit the claim.
      throw new RangeError(`Cannot claim: length must not be negative, current value is ${length}`)
    }
    const publication = this.#link.publication
    if (publication === undefined) return this.#link.resultWithoutPublication
    const result = publication.tryClaim(SESSION_HEADER_LENGTH + length, claim)
    if (result > 0) claim.buffer.putBytes(claim.offset, this.#sessionHeader.buffer, 0, SESSION_HEADER_LENGTH)
    return this.#link.track(result)
  }

  /** Sends a keep-alive. @returns whether it was sent; if not, try again soon */
  sendKeepAlive(): boolean {
    return this.#send(encodeSessionKeepAlive(this.#leadershipTermId, this.clusterSessionId))
  }

  /**
   * For callers that send on {@link ingressPublication} themselves: evaluates the result of an offer, so that the loss of the leader is noticed.
   *
   * @returns what {@link offer} would have returned
   */
  trackIngressResult(result: number): number {
    return this.#link.track(result)
  }

  /**
   * Asks the cluster to take a snapshot. The response goes to `onAdminResponse`. Clusters refuse it unless their authorisation service permits it.
   *
   * @param correlationId is returned with the response
   * @returns whether the request was sent
   */
  sendAdminRequestToTakeASnapshot(correlationId: bigint): boolean {
    return this.#send(encodeSnapshotRequest(this.#leadershipTermId, this.clusterSessionId, correlationId))
  }

  /**
   * Passes messages and events from the cluster to the egress listener, and maintains the session: follows a new leader, sends keep-alives if the options ask for
   * them, and closes the client when the session is over.
   *
   * @returns how much was done; 0 when idle
   * @throws AeronError REGISTRATION_FAILED when the driver rejects the publication to a new leader
   */
  pollEgress(): number {
    if (this.isClosed) return 0
    const conductorWork = this.aeron.conductorAgentInvoker?.invoke() ?? 0
    const fragments = this.egressSubscription.poll(this.#assembler.onFragment, FRAGMENT_LIMIT)
    return conductorWork + fragments + this.pollStateChanges()
  }

  /** Like {@link pollEgress}, for the controlled listener. */
  controlledPollEgress(): number {
    if (this.isClosed) return 0
    const conductorWork = this.aeron.conductorAgentInvoker?.invoke() ?? 0
    const assembler = this.#controlledAssembler
    const fragments = this.egressSubscription.controlledPoll(assembler.onFragment, FRAGMENT_LIMIT)
    return conductorWork + fragments + this.pollStateChanges()
  }

  /**
   * Maintains the session as {@link pollEgress} does, but reads nothing. For callers that read {@link egressSubscription} themselves, with an `EgressAdapter`, and
   * pass its events to {@link onSessionEvent} and {@link onNewLeader}.
   */
  pollStateChanges(): number {
    if (this.isClosed) return 0
    if (this.aeron.isClosed) return this.#closeWithoutAeron()
    if (this.#egressImage.isClosed) this.#link.onEgressImageClosed()
    const { state } = this.#link
    if (this.#link.poll()) {
      this.#closeCause ??= this.#causeOf(state)
      this.close()
      return 1
    }
    return this.options.keepAliveIntervalMs > 0 ? this.#keepAlive() : 0
  }

  /** Processes a session event, for callers that read egress themselves. */
  onSessionEvent(event: SessionEvent): void {
    if (event.code !== EventCode.CLOSED) return
    this.#closeCause = sessionClosed(this.clusterSessionId, event.detail)
    this.#link.onSessionClosed()
  }

  /**
   * Processes the announcement of a new leader, for callers that read egress themselves.
   *
   * @param header the header of the message, whose image is that of the new leader
   * @throws SyntaxError for a list of endpoints that does not contain the leader
   */
  onNewLeader(event: NewLeader, header: Header): void {
    const channel = this.#ingressChannelTo(event)
    this.#egressImage = header.context
    this.#leadershipTermId = event.leadershipTermId
    this.#leaderMemberId = event.leaderMemberId
    this.#sessionHeader.setLeadershipTermId(event.leadershipTermId)
    // What the last leader left half-way never ends. Now, and not after the poll, which may go on to the start of a message of the new leader.
    this.#assembler.clear()
    this.#controlledAssembler.clear()
    this.#link.loseLeader()
    const { ingressStreamId, isIngressExclusive } = this.options
    this.#link.onNewLeader(new PublicationAttempt(this.aeron, channel, ingressStreamId, isIngressExclusive))
  }

  /**
   * Closes the session and everything that belongs to it, including the Aeron client unless it was passed in. Does nothing when already closed.
   *
   * As in Java, the request to the cluster does not wait for space in the ingress. If {@link ingressPublication} has none, or there is no leader, the cluster closes
   * the session when it times out.
   */
  close(): void {
    if (this.isClosed) return
    if (this.#link.publication?.isConnected === true) {
      this.#send(encodeSessionCloseRequest(this.#leadershipTermId, this.clusterSessionId))
    }
    this.#link.close()
    this.egressSubscription.close()
    if (this.#ownsAeron) this.aeron.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #send(message: Uint8Array): boolean {
    for (let attempt = 0; attempt < SEND_ATTEMPTS; attempt++) {
      const publication = this.#link.publication
      if (publication === undefined) return false
      const result = this.#link.track(publication.offer(message))
      if (result > 0) return true
      if (!isRetryable(result)) return false
    }
    return false
  }

  #closeWithoutAeron(): number {
    this.#closeCause ??= aeronClosed(this.clusterSessionId)
    this.close()
    return 1
  }

  #keepAlive(): number {
    const nowMs = this.#nowMs()
    if (nowMs < this.#keepAliveDeadlineMs || this.#link.publication === undefined) return 0
    if (!this.sendKeepAlive()) return 0
    this.#keepAliveDeadlineMs = nowMs + this.options.keepAliveIntervalMs
    return 1
  }

  #causeOf(state: AeronClusterState): ClusterError {
    const { messageTimeoutMs } = this.options
    const isUnknown = state === AeronClusterState.AWAIT_NEW_LEADER
    return linkLost(this.clusterSessionId, state, isUnknown ? this.#newLeaderTimeoutMs : messageTimeoutMs)
  }

  #ingressChannelTo(event: NewLeader): string {
    const { ingressChannel, ingressEndpoints } = this.options
    if (ingressEndpoints === undefined) return ingressChannel
    const endpoint = parseIngressEndpoints(event.ingressEndpoints).get(event.leaderMemberId)
    if (endpoint === undefined) {
      throw new SyntaxError(
        `Cannot go to the new leader: member ${event.leaderMemberId} must be in its list of endpoints, current value is "${event.ingressEndpoints}"`,
      )
    }
    return ingressChannelOf(ingressChannel, endpoint)
  }
}
