import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  launchJava,
  poll,
  readCounters,
  reservePorts,
  type Cluster,
  type JavaProgram,
  type PortReservation,
} from '@x/aeron-tooling'

/** Position up to which a backup has the log. Protocol: Aeron's AeronCounters. */
const BACKUP_LIVE_LOG_POSITION_TYPE_ID = 209
/** How often a backup has taken over snapshots of the cluster. Protocol: Aeron's AeronCounters. */
const BACKUP_SNAPSHOT_RETRIEVE_COUNT_TYPE_ID = 240
const IDLE_STRATEGY = 'org.agrona.concurrent.SleepingMillisIdleStrategy'

/** Aeron's own backup of a cluster, with a driver and an archive of its own. */
export class ClusterBackup implements AsyncDisposable {
  readonly archiveDirectory: string
  readonly clusterDirectory: string
  readonly #folder: string
  readonly #aeronDirectory: string
  readonly #reservation: PortReservation
  #program: JavaProgram | undefined

  private constructor(nodes: Cluster, reservation: PortReservation) {
    this.#folder = mkdtempSync(join(tmpdir(), 'cluster-backup-'))
    this.archiveDirectory = join(this.#folder, 'archive')
    this.clusterDirectory = join(this.#folder, 'cluster')
    this.#aeronDirectory = `${nodes.member(0).aeronDirectory}-backup`
    this.#reservation = reservation
  }

  /** Starts to back up. */
  static async launch(nodes: Cluster): Promise<ClusterBackup> {
    const reservation = await reservePorts(3)
    const backup = new ClusterBackup(nodes, reservation)
    const [control, consensus, catchup] = reservation.ports.map((port) => `127.0.0.1:${port}`)
    const aeronDirectory = backup.#aeronDirectory
    backup.#program = await launchJava('io.aeron.cluster.ClusterBackupMediaDriver', {
      aeronDirectory,
      temporaryPaths: [aeronDirectory],
      properties: {
        'aeron.threading.mode': 'SHARED',
        'aeron.shared.idle.strategy': IDLE_STRATEGY,
        'aeron.counters.buffer.length': '1m',
        'aeron.archive.dir': backup.archiveDirectory,
        'aeron.archive.threading.mode': 'SHARED',
        'aeron.archive.idle.strategy': IDLE_STRATEGY,
        'aeron.archive.control.channel': `aeron:udp?endpoint=${control}`,
        // Where the archive of a member answers: without it the backup never gets beyond its first question.
        'aeron.archive.control.response.channel': 'aeron:udp?endpoint=127.0.0.1:0',
        'aeron.archive.replication.channel': 'aeron:udp?endpoint=127.0.0.1:0',
        'aeron.archive.segment.file.length': '4m',
        'aeron.archive.low.storage.space.threshold': '16m',
        'aeron.cluster.dir': backup.clusterDirectory,
        'aeron.cluster.idle.strategy': IDLE_STRATEGY,
        'aeron.cluster.consensus.channel': `aeron:udp?endpoint=${consensus}`,
        'aeron.cluster.consensus.endpoints': nodes.members
          .map(({ endpoints }) => endpoints.consensus)
          .join(','),
        'aeron.cluster.backup.catchup.endpoint': catchup ?? '',
        'aeron.cluster.backup.interval': '2s',
        'aeron.cluster.backup.response.timeout': '2s',
        'aeron.cluster.backup.progress.timeout': '4s',
        'aeron.cluster.backup.cool.down.interval': '1s',
      },
    })
    return backup
  }

  /** How far it has the log; -1 before it runs. */
  get liveLogPosition(): number {
    return this.#counter(BACKUP_LIVE_LOG_POSITION_TYPE_ID)
  }

  /** How often it has taken over the snapshots of the cluster. */
  get snapshotCount(): number {
    return this.#counter(BACKUP_SNAPSHOT_RETRIEVE_COUNT_TYPE_ID)
  }

  /** Waits until it has the log up to `position`. */
  async awaitPosition(position: number): Promise<void> {
    await poll(() => this.liveLogPosition >= position, {
      action: `see the backup at position ${position}`,
      timeoutMs: 60_000,
      describe: () => `it is at ${this.liveLogPosition}; ${this.#program?.logTail(20)}`,
    })
  }

  /** Ends it in good order; its files stay. */
  async stop(): Promise<void> {
    await this.#program?.close()
  }

  #counter(wanted: number): number {
    const counter = readCounters(this.#aeronDirectory).find(({ typeId }) => typeId === wanted)
    return Number(counter?.value ?? -1n)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    this.#reservation.release()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
