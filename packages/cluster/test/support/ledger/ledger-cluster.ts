import {
  launchCluster,
  launchMediaDriver,
  type Cluster,
  type ClusterMember,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { compileJavaLedger, type JavaLedger } from './java-ledger.ts'
import { LedgerBook, LedgerClient } from './ledger-client.ts'
import { LedgerKind } from './ledger-message.ts'
import { readEntries, readReport, type LedgerReport } from './ledger-report.ts'
import { checkAgainstDisk } from './ledger-oracle.ts'
import type { NetworkHost } from '../partitioned-network.ts'
import { JavaService, NodeService, type ServiceProcess } from './service-process.ts'

const MEMBER_COUNT = 3
const LOAD_PER_SECOND = 300
/** For all members to come to a place of the log that one has come to; on a machine that is busy with others. */
const REPORT_TIMEOUT_MS = 60_000
/** A report that no member has by then was not committed. */
const REPORT_LOST_MS = 8_000
const LOOPBACK: NetworkHost = { host: '127.0.0.1', launcher: [] }

/** How to start a {@link LedgerCluster}. */
export interface LedgerClusterOptions {
  /** Language of each member's service. @default TypeScript on all */
  readonly languages?: readonly ('typescript' | 'java')[]
  /** Whether {@link LedgerCluster.checkDisk} will be called. @default false */
  readonly hasOracle?: boolean
  /** Hosts of the members, and one more for the client. @default all on loopback */
  readonly hosts?: readonly NetworkHost[]
}

/** What a check has found, when nothing was wrong. */
export interface Tally {
  readonly entries: number
  readonly timers: number
  readonly replies: number
  /** Offers that a leader accepted and took with it: Aeron's contract, and counted. */
  readonly lostOffers: number
}

/** Three members with ledgers in processes of their own, a client with a driver of its own, and the checks. */
export class LedgerCluster implements AsyncDisposable {
  readonly nodes: Cluster
  readonly #services: ServiceProcess[]
  readonly #driver: MediaDriverProcess
  readonly #java: JavaLedger | undefined
  readonly #clientHost: string
  readonly #book = new LedgerBook()
  #client: LedgerClient | undefined
  #reportCount = 0n

  private constructor(
    nodes: Cluster,
    driver: MediaDriverProcess,
    services: ServiceProcess[],
    java: JavaLedger | undefined,
    clientHost: string,
  ) {
    this.nodes = nodes
    this.#driver = driver
    this.#services = services
    this.#java = java
    this.#clientHost = clientHost
  }

  /** Starts all. */
  static async launch(name: string, options: LedgerClusterOptions = {}): Promise<LedgerCluster> {
    const { languages = [], hasOracle = false, hosts = [] } = options
    const java = hasOracle || languages.includes('java') ? await compileJavaLedger() : undefined
    const clientHost = hosts[MEMBER_COUNT]
    const memberNetwork = (id: number): NetworkHost => hosts[id] ?? LOOPBACK
    const [nodes, driver] = await Promise.all([
      launchCluster({ name, memberCount: MEMBER_COUNT, fastTimeouts: true, memberNetwork }),
      launchMediaDriver({ name: `${name}-client`, launcher: clientHost?.launcher }),
    ])
    const services = nodes.members.map((member, id) =>
      languages[id] === 'java' && java !== undefined
        ? new JavaService(member, java)
        : new NodeService(member),
    )
    const cluster = new LedgerCluster(nodes, driver, services, java, (clientHost ?? LOOPBACK).host)
    try {
      await Promise.all(services.map((service) => service.start()))
      await nodes.awaitElected()
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The service of each member. */
  get services(): readonly ServiceProcess[] {
    return this.#services
  }

  /** From the next start on, each member's service is one in the other language; none may be running. */
  async swapLanguages(): Promise<void> {
    const java = this.#java
    if (java === undefined) throw new TypeError('expected a cluster with Java')
    for (const [id, service] of this.#services.entries()) {
      await service.close()
      const member = this.nodes.member(id)
      this.#services[id] =
        service instanceof NodeService ? new JavaService(member, java) : new NodeService(member)
    }
  }

  service(member: ClusterMember): ServiceProcess {
    const service = this.services[member.memberId]
    if (service === undefined) throw new RangeError(`expected a service of member ${member.memberId}`)
    return service
  }

  /** The TypeScript service of a member. */
  nodeService(member: ClusterMember): NodeService {
    const service = this.service(member)
    if (!(service instanceof NodeService))
      throw new TypeError(`expected TypeScript on member ${member.memberId}`)
    return service
  }

  async leader(): Promise<ClusterMember> {
    return this.nodes.awaitElected()
  }

  async follower(): Promise<ClusterMember> {
    const leader = await this.leader()
    return this.nodes.member((leader.memberId + 1) % MEMBER_COUNT)
  }

  /** The client; another one, with another session, when the one before was closed. */
  async client(): Promise<LedgerClient> {
    if (this.#client?.cluster.isClosed === true) this.#client = undefined
    const { aeronDirectory } = this.#driver
    this.#client ??= await LedgerClient.connect(this.nodes, aeronDirectory, this.#book, this.#clientHost)
    return this.#client
  }

  /** Runs `during` under load, with some before and some after it that was answered. */
  async underLoad(during: () => Promise<void>): Promise<void> {
    const client = await this.client()
    client.startLoad(LOAD_PER_SECOND)
    try {
      await client.pollUntil('answers', moreThan(this.#book, 100))
      await during()
      if (!client.cluster.isClosed) await client.pollUntil('answers again', moreThan(this.#book, 100))
    } finally {
      await client.stopLoad()
    }
  }

  /** Kills a node and its service at once. */
  async kill(...members: readonly ClusterMember[]): Promise<void> {
    await Promise.all(members.flatMap((member) => [member.kill(), this.service(member).kill()]))
  }

  /** Starts nodes again, and their services; all members have a part in the term afterwards. */
  async restart(...members: readonly ClusterMember[]): Promise<void> {
    await Promise.all(
      members.map(async (member) => {
        await member.restart()
        await this.service(member).start()
      }),
    )
    await this.nodes.awaitElected()
  }

  /** {@link check}, of a cluster that must be whole. */
  async checkWhole(): Promise<Tally> {
    const tally = await this.check()
    for (const member of this.nodes.members) {
      if (member.exit === undefined) continue
      const { output } = this.service(member)
      throw new Error(`expected member ${member.memberId} to live: ${output}\n${member.logTail(30)}`)
    }
    return tally
  }

  /**
   * Compares all living members at one place of the log, and the ledger with what the clients know. Throws with what is wrong.
   */
  async check(): Promise<Tally> {
    const { report, id, member } = await this.#quietReport()
    const entries = readEntries(member.clusterDirectory, id)
    const ofSessions = new Set<bigint>()
    for (const [key, count] of entries) {
      if (count !== 1) throw new Error(`expected entry ${key} once, it is there ${count} times`)
      const [from, sequence] = key.split(':').map(BigInt)
      if ((from ?? 0n) > 0n) ofSessions.add(sequence ?? 0n)
    }
    for (const [sequence, count] of this.#book.replies) {
      if (count !== 1) throw new Error(`expected one reply to ${sequence}, got ${count}`)
      if (!ofSessions.has(sequence)) throw new Error(`expected ${sequence} in the ledger: it was answered`)
    }
    for (const sequence of ofSessions) {
      const hasTimer = entries.has(`0:${sequence}`)
      if (hasTimer !== (sequence % 10n === 0n)) throw new Error(`expected timer ${sequence}: ${!hasTimer}`)
      const hasMessage = entries.has(`-1:${sequence}`)
      if (hasMessage !== (sequence % 15n === 0n)) throw new Error(`expected own ${sequence}: ${!hasMessage}`)
    }
    const lostOffers = [...this.#book.offered].filter((sequence) => !ofSessions.has(sequence)).length
    return { entries: report.entries, timers: report.timers, replies: this.#book.replies.size, lostOffers }
  }

  /** What all living members say of themselves at one place of the log, with no timer pending. */
  async report(): Promise<LedgerReport> {
    return (await this.#quietReport()).report
  }

  /** Compares each living member with the log on its own disk, as Java reads it. */
  async checkDisk(): Promise<void> {
    const java = this.#java
    if (java === undefined) throw new TypeError('expected a cluster with an oracle')
    const { id } = await this.#quietReport()
    for (const member of this.nodes.members) {
      const report = readReport(member.clusterDirectory, id)
      if (member.exit === undefined && report !== undefined) await checkAgainstDisk(java, member, report)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client?.close()
    for (const service of this.services) service.signal('SIGCONT')
    await Promise.allSettled(this.services.map((service) => service.kill()))
    await Promise.allSettled(this.services.map((service) => service.close()))
    // A member that was made to fail ends with a failure.
    await this.nodes.close().catch(() => undefined)
    await this.#driver.close()
    this.#java?.[Symbol.dispose]()
  }

  // Timers that are under way fire between one report and the next; and an election takes a report with it as it does any offer.
  async #quietReport(): Promise<{ report: LedgerReport; id: bigint; member: ClusterMember }> {
    let found: { report: LedgerReport; member: ClusterMember } | undefined
    for (let attempt = 0; attempt < 20; attempt++) {
      const id = ++this.#reportCount
      found = await this.#report(id)
      if (found?.report.pending === 0) return { ...found, id }
      await new Promise((resolve) => setTimeout(resolve, 300))
    }
    const outputs = this.services.map(({ output }) => output).join('\n---\n')
    throw new Error(
      `expected a report without pending timers, the last is ${JSON.stringify(found?.report)}: ${outputs}`,
    )
  }

  async #report(id: bigint): Promise<{ report: LedgerReport; member: ClusterMember } | undefined> {
    const client = await this.client()
    await client.send({ kind: LedgerKind.REPORT, sequence: id })
    const living = this.nodes.members.filter(({ exit }) => exit === undefined)
    const [member] = living
    if (member === undefined) throw new Error('expected a living member')
    const sentMs = Date.now()
    for (;;) {
      client.cluster.pollEgress()
      const reports = living.flatMap((each) => readReport(each.clusterDirectory, id) ?? [])
      const [report] = reports
      if (report !== undefined && reports.length === living.length) {
        if (new Set(reports.map((each) => JSON.stringify(each))).size === 1) return { report, member }
        throw new Error(`expected equal ledgers, got ${JSON.stringify(reports)}`)
      }
      const isLost = report === undefined && Date.now() > sentMs + REPORT_LOST_MS
      if (isLost) return undefined
      if (Date.now() > sentMs + REPORT_TIMEOUT_MS) {
        throw new Error(`expected report ${id} of all members, got ${JSON.stringify(reports)}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function moreThan(book: LedgerBook, count: number): () => boolean {
  const before = book.replies.size
  return () => book.replies.size > before + count
}
