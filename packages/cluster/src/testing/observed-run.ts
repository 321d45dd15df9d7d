import { Role } from '../service/cluster.ts'
import type { ClusteredService } from '../service/clustered-service.ts'
import type { DeterminismCheck } from './check-determinism.ts'
import type { Effect } from './effect.ts'
import type { FramedEntry } from './log-entry.ts'
import { snapshotBytes } from './snapshot-bytes.ts'
import { StateDigest } from './state-digest.ts'
import { TestCluster } from './test-cluster.ts'

const DEFAULT_SNAPSHOT_INTERVAL = 10

/** What a run showed after one entry. */
export interface Observation {
  /** Undefined where there is nothing to compare: no digest is given, and no snapshot was taken. */
  readonly digest: StateDigest | undefined
  readonly effects: readonly Effect[]
  /** Whether another run as leader must send the same. */
  readonly isSending: boolean
}

/** Runs the script of a check, with snapshots in between, and keeps what it showed after each entry. */
export class ObservedRun<S extends ClusteredService> {
  readonly cluster: TestCluster<S>
  readonly observations: Observation[] = []
  readonly #check: DeterminismCheck<S>
  #effects: Effect[] = []
  #isTakingSnapshot = false
  #entriesSinceSnapshot = 0

  constructor(check: DeterminismCheck<S>) {
    const interval = check.snapshotInterval ?? DEFAULT_SNAPSHOT_INTERVAL
    if (!Number.isInteger(interval) || interval < 1) {
      throw new RangeError(
        `Cannot check: snapshotInterval must be an integer of 1 or more, current value is ${interval}`,
      )
    }
    this.#check = check
    this.cluster = new TestCluster(check, {
      onEffect: (effect) => this.#effects.push(effect),
      onApplied: (entry, cluster) => this.#observe(entry, cluster),
      onQuiet: (cluster) => {
        if (this.#entriesSinceSnapshot >= interval) this.#takeSnapshot(cluster)
      },
    })
    check.script(this.cluster)
    this.#takeSnapshot(this.cluster)
    this.cluster.close()
  }

  get log(): readonly FramedEntry[] {
    return this.cluster.framedLog
  }

  #takeSnapshot(cluster: TestCluster<S>): void {
    if (this.#isTakingSnapshot) return
    this.#isTakingSnapshot = true
    cluster.takeSnapshot()
    this.#isTakingSnapshot = false
    this.#entriesSinceSnapshot = 0
  }

  #observe(entry: FramedEntry, cluster: TestCluster<S>): void {
    this.#entriesSinceSnapshot++
    const effects = this.#effects
    this.#effects = []
    const digest = digestOf(this.#check, cluster.service, entry, () =>
      snapshotBytes(cluster.archive, cluster.archive.lastId),
    )
    const isSending = cluster.role === Role.LEADER && !cluster.isScripted
    this.observations.push({ digest, effects, isSending })
  }
}

/** What is to be compared after an entry. */
export function digestOf<S extends ClusteredService>(
  { digest }: DeterminismCheck<S>,
  service: S,
  { kind }: FramedEntry,
  snapshot: () => Uint8Array | undefined,
): StateDigest | undefined {
  if (digest !== undefined) return new StateDigest(digest(service))
  const bytes = kind === 'snapshot' ? snapshot() : undefined
  return bytes && new StateDigest(bytes)
}
