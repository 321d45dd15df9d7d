import { ClusterError } from '../cluster-error.ts'
import { Role } from '../service/cluster.ts'
import type { ClusteredService } from '../service/clustered-service.ts'
import { describeEffect, type Effect } from './effect.ts'
import { guardedService } from './guard-option.ts'
import type { FramedEntry } from './log-entry.ts'
import { LogRun } from './log-run.ts'
import { MemoryArchive } from './memory-archive.ts'
import { digestOf, ObservedRun, type Observation } from './observed-run.ts'
import { snapshotBytes } from './snapshot-bytes.ts'
import { StateDigest } from './state-digest.ts'
import type { TestCluster, TestSnapshot } from './test-cluster.ts'
import { resolveTestClusterOptions, type TestClusterOptions } from './test-cluster-options.ts'
import { FROM_NOTHING } from './test-member.ts'

const DEFAULT_MAX_SNAPSHOT_RUNS = 16

/** What to check. */
export interface DeterminismCheck<S extends ClusteredService> extends Omit<
  TestClusterOptions<S>,
  'collectErrors'
> {
  /** Produces the log, by controlling clients and clock. */
  readonly script: (cluster: TestCluster<S>) => void
  /**
   * Returns what must be equal: a string, a number or a plain value that represents the whole state, such as a hash. @default the bytes of a snapshot, compared
   * wherever one is taken
   */
  readonly digest?: (service: S) => unknown
  /** Number of entries after which a snapshot is taken; there is also one at the end. @default 10 */
  readonly snapshotInterval?: number
  /** Maximum number of snapshots from which runs are started, spread evenly. @default 16 */
  readonly maxSnapshotRuns?: number
}

/** What was checked. */
export interface DeterminismReport {
  /** Entries of the log, snapshots included. */
  readonly entryCount: number
  readonly snapshotCount: number
  /** Descriptions of the runs that were compared with the first one. */
  readonly runs: readonly string[]
}

/** One of the runs that are compared with the first. */
interface ComparedRun {
  readonly name: string
  readonly role: Role
  readonly snapshot: TestSnapshot | undefined
}

/**
 * Runs a script, and then applies the resulting log to new services: as leader, as follower, and starting from snapshots. All of them must have the same state after
 * each entry, and ask for the same timers, messages, closes and, as leader, responses.
 *
 * @throws ClusterError STATE_DIVERGED, which names the first entry after which they differ; and what the service throws
 */
export function checkDeterminism<S extends ClusteredService>(check: DeterminismCheck<S>): DeterminismReport {
  const first = new ObservedRun(check)
  const { snapshots } = first.cluster
  const maxSnapshotRuns = check.maxSnapshotRuns ?? DEFAULT_MAX_SNAPSHOT_RUNS
  const runs: ComparedRun[] = [
    { name: 'a second run, as leader', role: Role.LEADER, snapshot: undefined },
    { name: 'a run as follower', role: Role.FOLLOWER, snapshot: undefined },
    ...evenly(snapshots, maxSnapshotRuns).map((snapshot) => ({
      name: `a run from the snapshot at position ${snapshot.logPosition}`,
      role: Role.FOLLOWER,
      snapshot,
    })),
  ]
  for (const run of runs) compareRun(check, first, run)
  return {
    entryCount: first.log.length,
    snapshotCount: snapshots.length,
    runs: runs.map(({ name }) => name),
  }
}

function compareRun<S extends ClusteredService>(
  check: DeterminismCheck<S>,
  { cluster, log, observations }: ObservedRun<S>,
  { name, role, snapshot }: ComparedRun,
): void {
  const options = resolveTestClusterOptions(check)
  const service = check.createService()
  using guarded = guardedService(service, options.determinismGuard)
  const errors: Error[] = []
  // Of its own: what it records is gone with it.
  const archive = new MemoryArchive()
  if (snapshot !== undefined) archive.copyFrom(cluster.archive, snapshot.recordingId)
  const run = new LogRun({
    ...options,
    service: guarded ?? service,
    memberId: role === Role.LEADER ? options.memberId : options.memberId + 1,
    role,
    layout: cluster.layout,
    archive,
    start: snapshot ?? FROM_NOTHING,
    onError: (error) => errors.push(error),
  })
  const begin = snapshot?.entryCount ?? 0
  if (snapshot !== undefined && check.digest !== undefined) {
    const digest = new StateDigest(check.digest(service))
    compareDigests(name, log[begin - 1]!, begin - 1, observations[begin - 1]!.digest, digest)
  }
  for (let index = begin; index < log.length; index++) {
    const entry = log[index]!
    const expected = observations[index]!
    run.apply(entry)
    if (errors[0] !== undefined) throw errors[0]
    const digest = digestOf(check, service, entry, () => snapshotBytes(archive, archive.lastId))
    compareDigests(name, entry, index, expected.digest, digest)
    compareEffects(name, entry, index, expected, run.takeEffects(), role)
  }
  run.close()
}

function compareDigests(
  run: string,
  entry: FramedEntry,
  index: number,
  expected: StateDigest | undefined,
  actual: StateDigest | undefined,
): void {
  if (expected === undefined || actual === undefined || expected.equals(actual)) return
  const what = `its state is\n${actual.text}\nand that of the first run is\n${expected.text}`
  throw diverged(run, entry, index, what)
}

function compareEffects(
  run: string,
  entry: FramedEntry,
  index: number,
  expected: Observation,
  actual: readonly Effect[],
  role: Role,
): void {
  const isSending = role === Role.LEADER && expected.isSending
  const isCompared = ({ kind }: Effect): boolean => kind !== 'response' || isSending
  const [wanted, found] = [expected.effects, actual].map((effects) =>
    effects.filter(isCompared).map(describeEffect),
  )
  for (let at = 0; at < Math.max(wanted!.length, found!.length); at++) {
    if (wanted![at] === found![at]) continue
    const what = `it asks for ${found![at] ?? 'nothing'}, and the first run for ${wanted![at] ?? 'nothing'}`
    throw diverged(run, entry, index, what)
  }
}

function diverged(
  run: string,
  { description, position, timestamp }: FramedEntry,
  entryIndex: number,
  what: string,
): ClusterError<'STATE_DIVERGED'> {
  return new ClusterError(
    'STATE_DIVERGED',
    `Cannot rely on the service: ${run} differs from the first after entry ${entryIndex} of the log, the ${description} that ends at ` +
      `position ${position}, at time ${timestamp}: ${what}`,
    { run, entryIndex, position },
  )
}

function evenly<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all
  return Array.from({ length: count }, (_, i) => all[Math.round((i * (all.length - 1)) / (count - 1 || 1))]!)
}
