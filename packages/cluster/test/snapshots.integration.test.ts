import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { launchServiceContainer, poll, readCounters } from '@x/aeron-tooling'
import { composeVersion, isClusterError } from '@x/cluster'
import { expect, test } from 'vitest'
import { compileJavaLedger } from './support/ledger/java-ledger.ts'
import { LedgerKind } from './support/ledger/ledger-message.ts'
import { LedgerNode } from './support/ledger/ledger-node.ts'
import { LedgerService } from './support/ledger/ledger-service.ts'

const MAX_SNAPSHOT_DURATION_TYPE_ID = 236

async function addSome(node: LedgerNode, count: number): Promise<void> {
  const client = await node.client()
  for (let i = 0; i < count; i++) await client.send({ kind: LedgerKind.ADD, fillerLength: i % 40 })
}

/** The service's part of the latest snapshot: its file in the archive. */
async function snapshotFile(node: LedgerNode): Promise<string> {
  const { output } = await node.nodes.clusterTool(node.member, 'recording-log')
  const entries = [...output.matchAll(/recordingId=(\d+)[^}]*serviceId=0[^}]*type=SNAPSHOT/g)]
  return join(node.member.archiveDirectory, `${entries.at(-1)?.[1]}-0.rec`)
}

function overwrite(path: string, position: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, position)
  closeSync(file)
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('expected a rejection'),
    (error: unknown) => error,
  )
}

test('a snapshot under load, and starts from it after kill -9 and after a shutdown', async () => {
  await using node = await LedgerNode.launch('snapshot-test')
  await node.join()
  const client = await node.client()
  client.startLoad(400)
  await client.pollUntil('load', () => client.replies.size > 200)
  expect(await node.snapshot()).toBe(true)
  const atSnapshot = client.replies.size
  await client.pollUntil('load after the snapshot', () => client.replies.size > atSnapshot + 200)
  await client.stopLoad()
  const before = await node.quietReport()
  const duration = readCounters(node.member.aeronDirectory).find(
    ({ typeId }) => typeId === MAX_SNAPSHOT_DURATION_TYPE_ID,
  )
  expect(duration?.value).toBeGreaterThan(0n)
  expect(before).toMatchObject({ entries: node.service.state.entryCount, pending: 0 })
  const sessionId = client.cluster.clusterSessionId
  expect(node.errors).toEqual([])

  await node.restart('SIGKILL')
  await node.join()
  expect(node.service.startedWith).toBeGreaterThan(100)
  expect(node.service.startedWith).toBeLessThan(before.entries)
  const after = await node.report()
  expect(after).toMatchObject({ entries: before.entries, timers: before.timers, hash: before.hash })
  expect(node.service.appliedCount).toBe(before.entries - (node.service.startedWith ?? 0))
  // The session of the client that was killed with its driver is of the snapshot.
  expect(node.service.sessionsAtStart).toEqual([sessionId])

  await addSome(node, 20)
  const beforeShutdown = await node.report()
  expect((await node.nodes.clusterTool(node.member, 'shutdown')).code).toBe(0)
  expect(await node.container?.terminated).toMatchObject({
    cause: 'CONSENSUS_MODULE_REQUEST',
    expected: true,
  })
  await node.member.exited
  await node.restart()
  await node.join()
  expect(node.service.startedWith).toBe(beforeShutdown.entries)
  expect(node.service.appliedCount).toBe(0)
  expect((await node.report()).hash).toBe(beforeShutdown.hash)
})

test('a snapshot that fails leaves the cluster active, and the next one counts', async () => {
  await using node = await LedgerNode.launch('snapshot-failure-test')
  await node.join()
  await addSome(node, 5)
  node.service.beforeSnapshot = () => {
    throw new Error('no snapshot today')
  }
  expect(await node.snapshot()).toBe(false)
  const [error] = node.errors
  if (!isClusterError(error, 'SNAPSHOT_FAILED')) throw error ?? new Error('expected an error')
  expect(error.cause).toMatchObject({ message: 'no snapshot today' })
  const { output } = await node.nodes.clusterTool(node.member, 'errors')
  expect(output).toContain('service=0 failed to take snapshot')
  expect(output).toContain('no snapshot today')
  node.service.beforeSnapshot = undefined
  await addSome(node, 5)
  expect(await node.snapshot()).toBe(true)
  const before = await node.report()
  await node.restart('SIGTERM')
  await node.join()
  expect(node.service.startedWith).toBe(before.entries)
})

test('a snapshot of either language is restored by the other', async () => {
  using java = await compileJavaLedger()
  await using node = await LedgerNode.launch('mixed-snapshot-test')
  const javaService = await launchServiceContainer(node.member, { ...java })
  await node.nodes.awaitElected()
  await addSome(node, 50)
  const client = await node.client()
  // A timer that fires after the restart, from another language's snapshot.
  await client.send({ kind: LedgerKind.ADD, flags: 1, argument: 3_600_000n })
  expect(await node.snapshot()).toBe(true)
  await addSome(node, 10)
  const ofJava = await node.report()
  expect(ofJava).toMatchObject({ entries: 61, pending: 1 })

  await node.ended()
  await node.member.kill('SIGTERM')
  await javaService.close()
  await node.restart()
  await node.join()
  expect(node.service.startedWith).toBe(51)
  expect(await node.report()).toMatchObject({ entries: 61, pending: 1, hash: ofJava.hash })
  await addSome(node, 10)
  const ofTypeScript = await node.report()
  expect(await node.snapshot()).toBe(true)
  await node.restart('SIGTERM')
  await using _again = await launchServiceContainer(node.member, { ...java })
  await node.nodes.awaitElected()
  expect(await node.report()).toMatchObject({ entries: 71, pending: 1, hash: ofTypeScript.hash })
})

test('a snapshot that is truncated or damaged is refused, the consensus module told, and an earlier start possible', async () => {
  await using node = await LedgerNode.launch('bad-snapshot-test')
  await node.join()
  await addSome(node, 30)
  expect(await node.snapshot()).toBe(true)
  const before = await node.report()
  await node.restart('SIGTERM')

  const refused = async (): Promise<unknown> => {
    const error = await rejectionOf(node.join())
    await poll(() => node.member.state() === undefined, { action: 'see the module end', timeoutMs: 60_000 })
    const { output } = await node.nodes.clusterTool(node.member, 'errors')
    expect(output).toContain('service=0 failed to start clustered service')
    await node.restart('SIGKILL')
    return error
  }
  const newer = await rejectionOf(node.join({ appVersion: composeVersion(2, 0, 0) }))
  expect(isClusterError(newer, 'APP_VERSION_INCOMPATIBLE')).toBe(true)
  await node.restart('SIGKILL')

  const path = await snapshotFile(node)
  const whole = readFileSync(path)
  const endOfRecords = whole.lastIndexOf(Buffer.from([9, 0, 0, 0, 0, 0, 0, 0]))
  expect(endOfRecords).toBeGreaterThan(0)

  // The last record of the service's own part.
  overwrite(path, endOfRecords, Buffer.from([7]))
  const own = await refused()
  if (!isClusterError(own, 'SERVICE_START_FAILED')) throw own
  expect(own.cause).toMatchObject({ message: 'expected a record of the ledger, got type 7' })

  // The type of the snapshot, in the BEGIN mark behind frame and message header.
  overwrite(path, 32 + 8, Buffer.from([1]))
  const damaged = await refused()
  if (!isClusterError(damaged, 'SNAPSHOT_INVALID')) throw damaged
  expect(damaged.context.position).toBe(96)

  // Nothing behind the BEGIN mark.
  overwrite(path, 0, whole.subarray(0, 96))
  overwrite(path, 96, new Uint8Array(whole.length - 96))
  const truncated = await refused()
  expect(
    isClusterError(truncated, 'SNAPSHOT_INVALID') || isClusterError(truncated, 'SNAPSHOT_LOAD_FAILED'),
  ).toBe(true)

  expect((await node.nodes.clusterTool(node.member, 'invalidate-latest-snapshot')).code).toBe(0)
  await node.restart('SIGKILL')
  await node.join()
  expect(node.service.startedWith).toBeUndefined()
  expect(await node.report()).toMatchObject({ entries: before.entries, hash: before.hash })
})

test('a service may be long about its snapshot without being taken for dead', async () => {
  await using node = await LedgerNode.launch('long-snapshot-test')
  const service = new LedgerService()
  service.beforeSnapshot = () => {
    // Longer than the driver waits for a client: 4 s.
    const end = Date.now() + 5_000
    while (Date.now() < end) service.cluster.idleStrategy.idle()
  }
  await node.join({}, service)
  await addSome(node, 3)
  // The client lives in this process too, and would not outlive the pause.
  node.disconnect()
  expect(await node.snapshot()).toBe(true)
  expect(node.errors).toEqual([])
  expect((await node.report()).entries).toBe(3)
})
