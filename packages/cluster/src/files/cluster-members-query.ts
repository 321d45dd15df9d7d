import { setTimeout as sleep } from 'node:timers/promises'
import { Aeron, BufferClaim, FragmentAssembler, type Publication, type Subscription } from '@x/client'
import {
  BooleanType,
  ClusterMembersExtendedResponseDecoder,
  ClusterMembersQueryEncoder,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
} from '@x/codecs/cluster'
import { ClusterError } from '../cluster-error.ts'
import { readClusterMarkFile } from './mark-file-description.ts'

/** Ours: a consensus module answers in its next turn. */
const TIMEOUT_MS = 5_000
const QUERY_LENGTH: number = MessageHeaderEncoder.ENCODED_LENGTH + ClusterMembersQueryEncoder.BLOCK_LENGTH

/** A member of a cluster as another member knows it. */
export interface ClusterMemberDescription {
  readonly memberId: number
  readonly leadershipTermId: bigint
  /** How far it has appended its log, in bytes. */
  readonly logPosition: number
  /** When it last reported that, on the clock of `currentTimeNs`. */
  readonly timeOfLastAppendNs: bigint
  readonly ingressEndpoint: string
  readonly consensusEndpoint: string
  readonly logEndpoint: string
  readonly catchupEndpoint: string
  readonly archiveEndpoint: string
}

/** The members of a cluster, as one of them knows them. Corresponds to Aeron's `ClusterMembership`. */
export interface ClusterMembership {
  /** Clock of the member that was asked. */
  readonly currentTimeNs: bigint
  /** -1 while nobody leads. */
  readonly leaderMemberId: number
  /** The member that was asked. */
  readonly memberId: number
  readonly activeMembers: readonly ClusterMemberDescription[]
}

/** How to ask a member for the members of its cluster. */
export interface ClusterMembersQueryOptions {
  /** A client of the member's driver. @default one of its own, which is closed afterwards */
  readonly aeron?: Aeron
  /** How long to wait for connection and response, in milliseconds. @default 5_000 */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/**
 * Asks a member on this machine for the members of its cluster: Aeron's `ClusterTool list-members`. Where the member can be reached is read from its mark file.
 *
 * @param clusterDirectory that of the consensus module
 * @throws ClusterError `CLUSTER_QUERY_TIMEOUT`
 * @throws AeronError `DRIVER_TIMEOUT` when the driver of the member does not run, after 10 s
 * @throws Error with the `code` of Node.js, such as `ENOENT`, when there is no mark file
 */
export async function queryClusterMembers(
  clusterDirectory: string,
  { aeron, timeoutMs = TIMEOUT_MS, signal }: ClusterMembersQueryOptions = {},
): Promise<ClusterMembership> {
  signal?.throwIfAborted()
  const markFile = readClusterMarkFile(clusterDirectory)
  const { aeronDirectory, controlChannel, serviceStreamId, consensusModuleStreamId } = markFile
  const waiting = signal === undefined ? {} : { signal }
  if (aeron !== undefined) return queryBy(aeron)
  using ownAeron = await Aeron.connect({ aeronDirectory, ...waiting })
  return await queryBy(ownAeron)

  async function queryBy(client: Aeron): Promise<ClusterMembership> {
    using subscription = await client.addSubscription(controlChannel, serviceStreamId, waiting)
    using publication = await client.addPublication(controlChannel, consensusModuleStreamId, waiting)
    const query = new MembersQuery(client.nextCorrelationId(), publication, subscription)
    const deadlineMs = performance.now() + timeoutMs
    for (;;) {
      const membership = query.poll()
      if (membership !== undefined) return membership
      if (performance.now() > deadlineMs) throw timedOut(clusterDirectory, timeoutMs, query.isSent)
      await sleep(1, undefined, waiting)
    }
  }
}

class MembersQuery {
  isSent = false
  readonly #correlationId: bigint
  readonly #publication: Publication
  readonly #subscription: Subscription
  readonly #header = new MessageHeaderDecoder()
  readonly #response = new ClusterMembersExtendedResponseDecoder()
  readonly #assembler: FragmentAssembler
  #membership: ClusterMembership | undefined

  constructor(correlationId: bigint, publication: Publication, subscription: Subscription) {
    this.#correlationId = correlationId
    this.#publication = publication
    this.#subscription = subscription
    this.#assembler = new FragmentAssembler((buffer, offset, length) => {
      const { TEMPLATE_ID, SCHEMA_ID } = ClusterMembersExtendedResponseDecoder
      const header = this.#header.wrap(buffer, offset)
      if (header.schemaId !== SCHEMA_ID || header.templateId !== TEMPLATE_ID) return
      this.#onResponse(this.#response.wrapAndApplyHeader(buffer, offset, this.#header, length))
    })
  }

  /** Goes one step further. @returns the answer, once it is there */
  poll(): ClusterMembership | undefined {
    // Both ways must stand before anything is sent: the answer goes to those who listen then.
    const isConnected = this.#subscription.isConnected && this.#publication.isConnected
    if (!this.isSent && isConnected) this.isSent = this.#send()
    if (this.isSent) this.#subscription.poll(this.#assembler.onFragment, 10)
    return this.#membership
  }

  #send(): boolean {
    const claim = new BufferClaim()
    if (this.#publication.tryClaim(QUERY_LENGTH, claim) < 0) return false
    new ClusterMembersQueryEncoder()
      .wrapAndApplyHeader(claim.buffer, claim.offset, new MessageHeaderEncoder())
      .correlationId(this.#correlationId)
      .extended(BooleanType.TRUE)
    claim.commit()
    return true
  }

  #onResponse(response: ClusterMembersExtendedResponseDecoder): void {
    if (response.correlationId !== this.#correlationId) return
    const { currentTimeNs, leaderMemberId, memberId } = response
    const activeMembers: ClusterMemberDescription[] = []
    const member = response.activeMembers()
    while (member.next()) {
      activeMembers.push({
        memberId: member.memberId,
        leadershipTermId: member.leadershipTermId,
        logPosition: member.logPosition,
        timeOfLastAppendNs: member.timeOfLastAppendNs,
        ingressEndpoint: member.ingressEndpoint,
        consensusEndpoint: member.consensusEndpoint,
        logEndpoint: member.logEndpoint,
        catchupEndpoint: member.catchupEndpoint,
        archiveEndpoint: member.archiveEndpoint,
      })
    }
    this.#membership = { currentTimeNs, leaderMemberId, memberId, activeMembers }
  }
}

function timedOut(
  clusterDirectory: string,
  timeoutMs: number,
  isSent: boolean,
): ClusterError<'CLUSTER_QUERY_TIMEOUT'> {
  const awaited = isSent ? 'response' : 'connection'
  return new ClusterError(
    'CLUSTER_QUERY_TIMEOUT',
    `Cannot list the members of the cluster: the consensus module of "${clusterDirectory}" must answer, and there was no ${awaited} in ${timeoutMs} ms`,
    { clusterDirectory, timeoutMs, awaited },
  )
}
