// Opens more and more sessions with a cluster that sends messages back, and takes what an echo costs with each number of them, as
// 256 messages under way allow, in turns over all sessions. The same client for services of all languages.
// Parameters: dir, ingressEndpoints, counts (comma separated, growing), length, window, warmupMs, measureMs.
import { AtomicBuffer } from '@x/atomic'
import { Aeron } from '@x/client'
import { AeronCluster } from '@x/cluster'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

/** Sessions that are opened at the same time. */
const BATCH = 25
const FIRST_STREAM = 10_000
const window = params.number('window')
const buffer = AtomicBuffer.allocate(params.number('length'))
/** A session, and how many echoes it has had. */
interface Session {
  readonly cluster: AeronCluster
  echoes: number
}

/** Between two messages to a session that has had no echo yet, and for what is still under way. */
const ASK_AGAIN_MS = 100
const sessions: Session[] = []
let sent = 0
let received = 0

using aeron = await Aeron.connect({ aeronDirectory: params.text('dir') })

async function connect(index: number): Promise<Session> {
  let session: Session | undefined
  const cluster = await AeronCluster.connect({
    aeron,
    ingressChannel: 'aeron:udp?term-length=1m',
    ingressEndpoints: params.text('ingressEndpoints'),
    // Sessions on one machine: one publication into the cluster for all, and no socket for each.
    isIngressExclusive: false,
    egressChannel: 'aeron:ipc?term-length=64k',
    egressStreamId: FIRST_STREAM + index,
    keepAliveIntervalMs: 1_000,
    messageTimeoutMs: 20_000,
    egressListener: {
      onMessage: () => {
        received++
        if (session !== undefined) session.echoes++
      },
    },
  })
  session = { cluster, echoes: 0 }
  return session
}

function offer({ cluster }: Session): boolean {
  return cluster.offer(buffer, 0, buffer.capacity) > 0
}

function pollAll(): void {
  for (const { cluster } of sessions) cluster.pollEgress()
}

async function grow(count: number): Promise<void> {
  while (sessions.length < count) {
    const length = Math.min(BATCH, count - sessions.length)
    sessions.push(...(await Promise.all(Array.from({ length }, (_, i) => connect(sessions.length + i)))))
    await awaitEchoes()
  }
}

async function pollFor(durationMs: number, isDone: () => boolean = () => false): Promise<void> {
  const endMs = performance.now() + durationMs
  while (performance.now() < endMs && !isDone()) {
    pollAll()
    await nextTurn()
  }
}

/** A service cannot answer a session as soon as that is open, and an echo that is lost would be waited for without end. */
async function awaitEchoes(): Promise<void> {
  for (;;) {
    const silent = sessions.filter(({ echoes }) => echoes === 0)
    if (silent.length === 0) break
    for (const session of silent) offer(session)
    await pollFor(ASK_AGAIN_MS, () => silent.every(({ echoes }) => echoes > 0))
  }
}

/** Lets what is under way come, and counts from there. */
async function settle(): Promise<void> {
  let before = -1
  while (before !== received) {
    before = received
    await pollFor(ASK_AGAIN_MS)
  }
  sent = received
}

/** Sends and polls for some time; the echoes that came. */
async function run(durationMs: number): Promise<number> {
  const before = received
  const endMs = performance.now() + durationMs
  while (performance.now() < endMs) {
    for (let i = 0; i < 32 && sent - received < window; i++) {
      if (offer(sessions[sent % sessions.length]!)) sent++
    }
    pollAll()
    await nextTurn()
  }
  return received - before
}

const values: Record<string, number> = {}
for (const count of params.text('counts').split(',').map(Number)) {
  await grow(count)
  await settle()
  await run(params.number('warmupMs'))
  values[`perSecond${count}`] = (await run(params.number('measureMs'))) / (params.number('measureMs') / 1_000)
}
for (const { cluster } of sessions) cluster.close()
// The requests to close are on their way before the process ends.
await run(0)
printSample(values)
