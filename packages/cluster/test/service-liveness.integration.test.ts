import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchCluster, poll, type Cluster, type ClusterMember } from '@x/aeron-tooling'
import { AtomicBuffer } from '@x/atomic'
import { readErrorLog } from '@x/atomic/status'
import { AeronCluster } from '@x/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('support/liveness/liveness-member.ts', import.meta.url))
const STALL_THRESHOLD_MS = 500
/** What the driver of these tests grants: fast timeouts. */
const CLIENT_LIVENESS_TIMEOUT_MS = 4_000
const ACTIVITY_TIMESTAMP_OFFSET = 16
const ERROR_LOG_OFFSET = 8_192

let nodes: Cluster
let member: ClusterMember
let child: ChildProcess | undefined
let output = ''
let client: AeronCluster | undefined
let heard: string[] = []

beforeAll(async () => {
  nodes = await launchCluster({ name: 'service-liveness-test', fastTimeouts: true })
  member = nodes.member(0)
})

afterAll(async () => {
  client?.close()
  await kill()
  // A member whose service was made to die ends with a failure.
  await nodes.close().catch(() => undefined)
})

async function kill(): Promise<void> {
  if (child?.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** The service's process has ended, or is to: so has its member. */
async function restartMember(): Promise<void> {
  client?.close()
  client = undefined
  await kill()
  await member.exited
  await member.restart()
}

async function until<T>(action: string, look: () => T | undefined | false, timeoutMs = 40_000): Promise<T> {
  const lookAndLive = (): T | undefined | false => {
    client?.pollEgress()
    return look()
  }
  return poll(lookAndLive, { action, timeoutMs, describe: () => output })
}

async function startService(): Promise<ChildProcess> {
  const { aeronDirectory, clusterDirectory } = member
  const conditions = process.env['TEST_DIST'] === '1' ? [] : ['--conditions=@x/source']
  const args = ['--expose-gc', '--import', 'tsx', ...conditions, PROGRAM, aeronDirectory]
  const started = spawn(process.execPath, [...args, clusterDirectory, String(STALL_THRESHOLD_MS)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child = started
  output = ''
  for (const stream of [started.stdout, started.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  await until('see the service active', () => /^active$/m.test(output))
  await nodes.awaitElected()
  heard = []
  client = await AeronCluster.connect({
    aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: nodes.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    keepAliveIntervalMs: 500,
    egressListener: {
      onMessage: (_id, _timestamp, buffer, offset, length) =>
        void heard.push(buffer.getStringWithoutLengthAscii(offset, length)),
    },
  })
  return started
}

async function send(text: string): Promise<void> {
  await until(`offer ${text}`, () => (client?.offer(Buffer.from(text)) ?? -1) > 0)
}

async function hear(text: string): Promise<void> {
  await until(`hear ${text}`, () => heard.includes(text))
}

/** What the service's error handler was told of stalls. */
function stalls(): Record<string, unknown>[] {
  return [...output.matchAll(/^stall (.*)$/gm)].map(
    ([, json]) => JSON.parse(json ?? '') as Record<string, unknown>,
  )
}

function markFile(): AtomicBuffer {
  return AtomicBuffer.wrap(readFileSync(join(member.clusterDirectory, 'cluster-mark-service-0.dat')))
}

interface Recorded {
  readonly text: string
  readonly firstMs: number
}

/** What the mark file's error log says, read as ClusterTool does. */
function recordedErrors(pattern: RegExp): Recorded[] {
  const buffer = markFile()
  const records: Recorded[] = []
  const errorBuffer = buffer.slice(ERROR_LOG_OFFSET, buffer.capacity - ERROR_LOG_OFFSET)
  readErrorLog(errorBuffer, (_count, firstTimestampMs, _last, text) => {
    if (pattern.test(text)) records.push({ text, firstMs: Number(firstTimestampMs) })
  })
  return records
}

/** What is recorded while `activity` holds the service up. */
const warning = (activity: string): RegExp =>
  new RegExp(
    `^Service 0 is held up, for \\d+ ms now, by ${activity} at log position \\d+.*; without a turn for 4000 ms`,
  )

/** What is recorded after `activity` has. */
const report = (activity: string): RegExp =>
  new RegExp(`^ClusterError: Cannot keep service 0 alive: .* held up by ${activity} at log position`)

/** From source, the thread that watches takes a while to start; its warning shows that it has. */
async function awaitWatch(): Promise<void> {
  for (let attempt = 1; recordedErrors(warning('.*')).length === 0; attempt++) {
    if (attempt === 40)
      throw new Error(`Cannot wait for a warning: ${attempt} holds were not seen; ${output}`)
    await send(`hold ${700 + attempt}`)
    await hear(`hold ${700 + attempt}`)
  }
}

test('what holds a service up is named while it does and after it, and the service goes on', async () => {
  await startService()
  await awaitWatch()
  const sessionId = client?.clusterSessionId
  const activity = 'onSessionMessage'
  const isLong = (stalled: Record<string, unknown>): boolean => Number(stalled['stalledMs']) > 1_900
  let stall: Record<string, unknown> | undefined
  for (let heldMs = 2_000; stall === undefined; heldMs++) {
    const told = stalls().length
    await send(`hold ${heldMs}`)
    await hear(`hold ${heldMs}`)
    const long = await until('hear of the stall', () => stalls().slice(told).find(isLong))
    // A process that was itself stopped meanwhile was held up by that.
    if (Number(long['pausedMs']) < 1_000) stall = long
  }
  expect(stall).toMatchObject({
    activity,
    clusterSessionId: String(sessionId),
    thresholdMs: STALL_THRESHOLD_MS,
    clientLivenessTimeoutMs: CLIENT_LIVENESS_TIMEOUT_MS,
  })
  const warned = recordedErrors(warning(activity)).at(-1)
  const reported = recordedErrors(report(activity)).at(-1)
  expect(warned?.text).toContain(`of session ${sessionId}`)
  // It was there while the callback was still at it.
  expect((reported?.firstMs ?? 0) - (warned?.firstMs ?? Infinity)).toBeGreaterThan(100)

  await send('outside 1200')
  await until(
    'hear of the stall outside',
    () => recordedErrors(report('other code on its thread')).length > 0,
  )
  expect(recordedErrors(warning('other code on its thread')).length).toBeGreaterThan(0)

  await send('garbage 600')
  await hear('garbage 600')
  const isOfGarbage = (stalled: Record<string, unknown>): boolean =>
    Number(stalled['garbageCollectionMs']) >= 500
  const garbage = await until('hear of the garbage', () => stalls().find(isOfGarbage))
  expect(garbage['message']).toMatch(/\d+ ms of it for garbage collection/)

  const { code, output: told } = await nodes.clusterTool(member, 'errors')
  expect(code).toBe(0)
  expect(told).toContain('Service 0 is held up')
  expect(told).toContain('Cannot keep service 0 alive')
  await send('echo')
  await hear('echo')
})

test('many long callbacks in a row are not one silence', async () => {
  // Together longer than the driver waits for a sign of life, and each well below what is warned of.
  for (let i = 0; i < 20; i++) await send('hold 250')
  await send('echo 2')
  await hear('echo 2')
  expect(member.state()?.moduleState).toBe('ACTIVE')
})

test.each([
  ['exit', 3],
  ['uncaught', 1],
])('a process that ends by %s lets go of its place in the member', async (command, exitCode) => {
  const service = child
  if (service === undefined) throw new Error('expected a service')
  await send(command)
  expect(await once(service, 'close')).toEqual([exitCode, null])
  expect(markFile().getInt64(ACTIVITY_TIMESTAMP_OFFSET)).toBe(-1n)
  // The client was closed: the consensus module hears of it from the driver.
  await until('see the consensus module end', () => member.state() === undefined)
  await restartMember()
  await startService()
})

test('a callback that never returns is named, and the container is taken for dead in spite of the one who watches it', async () => {
  await awaitWatch()
  const before = recordedErrors(warning('onSessionMessage')).length
  await send('loop')
  await until('see the consensus module end', () => member.state() === undefined)
  // The thread is still in its loop.
  expect(child?.exitCode).toBeNull()
  expect(output).not.toContain('terminated')
  // The driver ends with the module, and ClusterTool reads a service's errors after the driver's: so without it.
  expect(recordedErrors(warning('onSessionMessage')).length).toBeGreaterThan(before)
  const ageMs = Date.now() - Number(markFile().getInt64(ACTIVITY_TIMESTAMP_OFFSET))
  expect(ageMs).toBeGreaterThan(CLIENT_LIVENESS_TIMEOUT_MS - 1_500)
})
