import { setTimeout as sleep } from 'node:timers/promises'
import { launchCluster, poll, type Cluster, type ClusterMember, type ClusterOptions } from '@x/aeron-tooling'
import { ClusteredServiceContainer, isClusterError, type ContainerOptions } from '@x/cluster'
import { LedgerClient } from './ledger-client.ts'
import { LedgerKind } from './ledger-message.ts'
import { readReport, type LedgerReport } from './ledger-report.ts'
import { LedgerService } from './ledger-service.ts'

const QUIET_TIMEOUT_MS = 60_000

/** A cluster of one member with the ledger in this process. */
export class LedgerNode implements AsyncDisposable {
  readonly nodes: Cluster
  service: LedgerService = new LedgerService()
  container: ClusteredServiceContainer | undefined
  errors: Error[] = []
  #client: LedgerClient | undefined
  // None of a cluster whose log may be replayed here.
  #reportCount = 1_000_000n

  private constructor(nodes: Cluster) {
    this.nodes = nodes
  }

  static async launch(name: string, options: ClusterOptions = {}): Promise<LedgerNode> {
    return new LedgerNode(await launchCluster({ name, fastTimeouts: true, ...options }))
  }

  get member(): ClusterMember {
    return this.nodes.member(0)
  }

  /** Joins the member with a fresh service; it may still replay when this returns. */
  async join(
    more: Partial<ContainerOptions> = {},
    service: LedgerService = new LedgerService(),
  ): Promise<void> {
    this.service = service
    this.errors = []
    const { aeronDirectory, clusterDirectory } = this.member
    this.container = await ClusteredServiceContainer.launch({
      clusteredService: service,
      aeronDirectory,
      clusterDirectory,
      errorHandler: (error) => {
        // On a machine that has too much to do this is no fault.
        if (!isClusterError(error, 'CONTAINER_STALLED')) this.errors.push(error)
      },
      ...more,
    })
    await this.nodes.awaitElected()
  }

  /** A client, connected when it is first asked for after a restart. */
  async client(): Promise<LedgerClient> {
    this.#client ??= await LedgerClient.connect(this.nodes, this.member.aeronDirectory)
    return this.#client
  }

  /** Ends the node, waits for the container to notice, and starts it again without a service. */
  async restart(signal?: NodeJS.Signals): Promise<void> {
    if (signal !== undefined) await this.member.kill(signal)
    await this.ended()
    await this.member.restart()
  }

  /** Ends the client; the next one has another session. */
  disconnect(): void {
    this.#client?.close()
    this.#client = undefined
  }

  /** The node or its service has ended, or is about to: so has the client. */
  async ended(): Promise<void> {
    this.disconnect()
    if (this.member.exit !== undefined) this.member.announceEnd()
    await this.container?.terminated
    this.container = undefined
  }

  /** What the ledger says of itself now. */
  async report(): Promise<LedgerReport> {
    const client = await this.client()
    const id = ++this.#reportCount
    await client.send({ kind: LedgerKind.REPORT, sequence: id })
    return client.pollUntil(`report ${id}`, () => readReport(this.member.clusterDirectory, id))
  }

  /** {@link report}, at a place of the log where no timer is pending: one that comes later than a message can begin behind a look at the service. */
  async quietReport(): Promise<LedgerReport> {
    let report = await this.report()
    for (const deadline = Date.now() + QUIET_TIMEOUT_MS; report.pending > 0; report = await this.report()) {
      if (Date.now() > deadline) throw new Error(`expected no pending timer, got ${JSON.stringify(report)}`)
      await sleep(50)
    }
    return report
  }

  /** Takes a snapshot; true when the member has it. */
  async snapshot(): Promise<boolean> {
    const before = this.member.state()?.snapshotCount ?? 0
    await this.nodes.clusterTool(this.member, 'snapshot')
    await poll(() => this.member.state()?.moduleState === 'ACTIVE', {
      action: 'see the member active again',
      timeoutMs: 60_000,
    })
    return (this.member.state()?.snapshotCount ?? 0) > before
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.disconnect()
    await this.container?.close()
    // A member that was made to fail ends with a failure.
    await this.nodes.close().catch(() => undefined)
  }
}
