import { RECORD_ALLOCATED } from '@x/atomic/status'
import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Aeron, type AeronError, type AeronOptions } from '@x/client'
import { eventually } from './support/eventually.ts'
import { proveItWorks } from './support/prove-it-works.ts'

// What happens to a client, and what it leaves behind, when its process, its thread or its clock fails.

const CHANNEL = 'aeron:ipc?term-length=64k'
const HOUR_MS = 3_600_000

let driver: MediaDriverProcess
let events: string[]
let messages: string[]

beforeAll(async () => {
  driver = await launchMediaDriver({
    properties: {
      'aeron.client.liveness.timeout': '5s',
      'aeron.publication.unblock.timeout': '5500ms',
      'aeron.timer.interval': '100ms',
    },
  })
})

afterAll(async () => {
  await driver?.close()
})

beforeEach(() => {
  events = []
  messages = []
})

function options(more: AeronOptions = {}): AeronOptions {
  return {
    aeronDirectory: driver.aeronDirectory,
    errorHandler: (error) => {
      events.push((error as AeronError).code)
      messages.push(error.message)
    },
    closeHandler: () => events.push('closed'),
    ...more,
  }
}

function startLeaving(how: string): ChildProcess {
  const program = fileURLToPath(new URL('support/leaving-client.ts', import.meta.url))
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  return spawn(process.execPath, [...flags, program, driver.aeronDirectory, how], {
    stdio: ['ignore', 'pipe', how === 'uncaught error' ? 'ignore' : 'inherit'],
  })
}

test.each([
  ['exit in a handler', 0],
  ['exit in a callback', 0],
  ['exit at SIGTERM', 0],
  ['uncaught error', 1],
])('a process that leaves by %s leaves nothing at the driver', async (how, expectedCode) => {
  using aeron = await Aeron.connect(options())
  const child = startLeaving(how)
  try {
    let output = ''
    child.stdout!.on('data', (data: Buffer) => (output += data.toString()))
    await eventually(() => output.endsWith('\n'))
    const [clientId = '', counterId = ''] = output.trim().split(' ')
    const { countersReader } = aeron
    const heartbeat = (): number => countersReader.findByTypeIdAndRegistrationId(11, BigInt(clientId))
    if (how === 'exit at SIGTERM') child.kill('SIGTERM')
    const [code] = (await once(child, 'exit')) as [number | null]
    expect(code).toBe(expectedCode)
    // Well before the driver would miss the client.
    await eventually(() => heartbeat() < 0, 4_000)
    // It lets go of one after the other.
    await eventually(() => countersReader.getCounterState(Number(counterId)) !== RECORD_ALLOCATED)
    expect(events).toEqual([])
  } finally {
    child.kill('SIGKILL')
  }
})

test('a thread that is terminated inside a claim is got over, and its process goes on', async () => {
  using aeron = await Aeron.connect(options())
  using subscription = await aeron.addSubscription(CHANNEL, 20)
  const execArgv = ['--conditions=@x/source']
  const worker = new Worker(new URL('support/claiming-worker.mjs', import.meta.url), {
    execArgv,
    workerData: { aeronDirectory: driver.aeronDirectory, channel: CHANNEL, streamId: 20 },
  })
  const [claimed] = (await once(worker, 'message')) as [string]
  expect(claimed).toBe('claimed')
  using publication = await aeron.addPublication(CHANNEL, 20)
  await worker.terminate()
  await eventually(() => publication.offer(Buffer.from('behind')) > 0)
  const heard: string[] = []
  const poll = (): number =>
    subscription.poll((buffer, offset, length) => {
      heard.push(buffer.getStringWithoutLengthUtf8(offset, length))
    }, 10)
  poll()
  expect(heard).toEqual([])
  await eventually(() => (poll(), heard.length > 0), 60_000)
  expect(heard).toEqual(['behind'])
  expect(events).toEqual([])
})

test.each([
  ['ahead of', HOUR_MS, 'DRIVER_TIMEOUT', /current age is 36\d{5} ms/],
  ['behind', -HOUR_MS, 'CLIENT_TIMEOUT', /driver/],
])(
  'a clock that is suddenly an hour %s the driver ends the client at once, and a new one works',
  async (_, shift, code, words) => {
    let shiftMs = 0
    const epochClock = { timeMs: () => Date.now() + shiftMs }
    using aeron = await Aeron.connect(options({ epochClock }))
    // A client is known to the driver by its first command.
    using _counter = await aeron.addCounter(1_006, { label: 'known' })
    await eventually(() => aeron.countersReader.findByTypeIdAndRegistrationId(11, aeron.clientId) >= 0)
    shiftMs = shift
    await eventually(() => aeron.isClosed)
    expect(events).toEqual([code, 'closed'])
    expect(messages[0]).toMatch(words)
    using next = await Aeron.connect(options())
    await proveItWorks(next)
  },
)

test('a client that reads no events while others make many ends with one error, not with a silent gap', async () => {
  using idle = Aeron.connectSync(options({ useConductorAgentInvoker: true }))
  using busy = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  // Each refusal names both channels, and goes to all: together more than the 1 MiB that events have.
  const alias = 'x'.repeat(3_000)
  using _first = await busy.addPublication(`aeron:ipc?term-length=64k|alias=${alias}`, 30)
  for (let round = 0; round < 10; round++) {
    const adding = Array.from({ length: 30 }, () =>
      busy.addPublication(`aeron:ipc?term-length=128k|alias=${alias}`, 30),
    )
    const answers = await Promise.allSettled(adding)
    expect(answers.map(({ status }) => status)).not.toContain('fulfilled')
  }
  while (!idle.isClosed) idle.conductorAgentInvoker!.invoke()
  expect(events).toEqual(['DRIVER_EVENTS_LAPPED', 'closed'])
  expect(() => idle.asyncAddPublication(CHANNEL, 1)).toThrow(/overwritten/)
})

test('commands that find the ring of a stopped driver full wait, and all are done when it goes on', async () => {
  using aeron = await Aeron.connect(options())
  driver.signal('SIGSTOP')
  let ids: bigint[]
  try {
    const label = 'x'.repeat(380)
    // Of 450 bytes each: more than the ring of 1 MiB takes.
    ids = Array.from({ length: 3_000 }, () => aeron.asyncAddCounter(1_005, { label }))
  } finally {
    driver.signal('SIGCONT')
  }
  await eventually(() => ids.every((id) => aeron.getCounter(id) !== undefined))
  expect(new Set(ids.map((id) => aeron.getCounter(id)?.id)).size).toBe(3_000)
  expect(events).toEqual([])
})
