import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Aeron, AeronError, type AeronOptions, CLOSED, isAeronError } from '@x/client'
import { eventually } from './support/eventually.ts'
import { proveItWorks } from './support/prove-it-works.ts'

const DRIVER_TIMEOUT_MS = 3_000
const HOUR_MS = 3_600_000
const CHANNEL = 'aeron:ipc?term-length=64k'

let driver: MediaDriverProcess
let events: string[]

beforeEach(async () => {
  events = []
  driver = await launchMediaDriver({ fastTimeouts: true })
})

afterEach(async () => {
  await driver?.close()
})

function connect(options: AeronOptions = {}): Promise<Aeron> {
  return Aeron.connect({
    aeronDirectory: driver.aeronDirectory,
    errorHandler: (error) => events.push((error as AeronError).code),
    closeHandler: () => events.push('closed'),
    ...options,
  })
}

test('a driver that is stopped for less than the timeout is waited for, and nothing is lost', async () => {
  using aeron = await connect()
  using subscription = await aeron.addSubscription(CHANNEL, 1)
  using publication = await aeron.addPublication(CHANNEL, 1)
  await eventually(() => publication.availableWindow > 0 && subscription.isConnected)
  driver.signal('SIGSTOP')
  const adding = aeron.addPublication(CHANNEL, 2)
  for (let i = 0; i < 5; i++) expect(publication.offer(new Uint8Array(8))).toBeGreaterThan(0)
  await sleep(700)
  driver.signal('SIGCONT')
  expect((await adding).isClosed).toBe(false)
  let received = 0
  await eventually(() => (received += subscription.poll(() => {}, 10)) === 5)
  expect(events).toEqual([])
})

test('a driver that is stopped for longer ends the client with one error; once it goes on, a new client can connect', async () => {
  using aeron = await connect({ driverTimeoutMs: DRIVER_TIMEOUT_MS })
  const publication = await aeron.addPublication(CHANNEL, 1)
  const counter = await aeron.addCounter(1_001, { label: 'mine' })
  driver.signal('SIGSTOP')
  const pending = aeron.addSubscription(CHANNEL, 2).catch((error: unknown) => error)
  await eventually(() => aeron.isClosed)
  expect(events).toEqual(['DRIVER_TIMEOUT', 'closed'])
  // The command had the same time as the driver: which of the two ends it is a matter of a millisecond.
  expect((await pending) as AeronError).toMatchObject({
    code: expect.stringMatching(/CLIENT_CLOSED|COMMAND_TIMEOUT/),
  })
  expect(publication.offer(new Uint8Array(1))).toBe(CLOSED)
  expect(counter.isClosed).toBe(true)
  driver.signal('SIGCONT')
  using next = await connect()
  await proveItWorks(next)
  expect(events).toEqual(['DRIVER_TIMEOUT', 'closed'])
})

test('a driver that was killed and started again is a new one: the old client ends, a new client works', async () => {
  // The time that the start of a driver takes is not to count.
  let passedMs = 0
  using aeron = await connect({
    epochClock: { timeMs: () => Date.now() + passedMs },
    driverTimeoutMs: HOUR_MS,
  })
  const publication = await aeron.addPublication(CHANNEL, 1)
  await driver.kill('SIGKILL')
  await driver.restart()
  expect(aeron.isClosed).toBe(false)
  using next = await connect({ errorHandler: () => {}, closeHandler: () => {} })
  await proveItWorks(next)
  passedMs = 2 * HOUR_MS
  await eventually(() => aeron.isClosed)
  expect(events).toEqual(['DRIVER_TIMEOUT', 'closed'])
  expect(publication.offer(new Uint8Array(1))).toBe(CLOSED)
  await proveItWorks(next)
})

test('a cnc.dat that is deleted under a living driver leaves its clients alone, and new ones hear that there is none', async () => {
  using aeron = await connect()
  unlinkSync(join(driver.aeronDirectory, 'cnc.dat'))
  await proveItWorks(aeron)
  const error = await connect({ driverTimeoutMs: 300 }).catch((rejection: unknown) => rejection)
  if (!isAeronError(error, 'DRIVER_TIMEOUT')) throw error
  expect(error.context.reason).toBe('no cnc.dat')
  expect(events).toEqual([])
})

test('a copy of a cnc.dat cut off anywhere gives an error, never a crash', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cut-cnc-'))
  try {
    const whole = join(driver.aeronDirectory, 'cnc.dat')
    const copy = join(folder, 'cnc.dat')
    for (const length of [0, 1, 100, 127, 128, 4_096, 1_049_471, 1_049_472, 2_000_000, 5_000_000]) {
      copyFileSync(whole, copy)
      truncateSync(copy, length)
      const error = await connect({ aeronDirectory: folder, driverTimeoutMs: 40 }).catch(
        (reason: unknown) => reason,
      )
      if (!isAeronError(error, 'DRIVER_TIMEOUT')) throw error
      expect(error.context.reason).toMatch(/too short|no cnc.dat/)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a log that was deleted under its first user fails the second, whose client goes on', async () => {
  using aeron = await connect()
  using first = await aeron.addPublication(CHANNEL, 5)
  const folder = join(driver.aeronDirectory, 'publications')
  for (const name of readdirSync(folder)) unlinkSync(join(folder, name))
  using other = await connect()
  const error = await other.addPublication(CHANNEL, 5).catch((rejection: unknown) => rejection)
  if (!isAeronError(error, 'LOG_BUFFER_UNUSABLE')) throw error
  expect(error.message).toContain('no such file')
  await proveItWorks(other)
  expect(first.isClosed).toBe(false)
})

test('a client that is stopped for longer than the driver waits ends with one error when it goes on', async () => {
  using aeron = await connect()
  let images = 0
  using subscription = await aeron.addSubscription(CHANNEL, 1, {
    onAvailableImage: () => images++,
    onUnavailableImage: () => images--,
  })
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  const program = fileURLToPath(new URL('support/stopped-client.ts', import.meta.url))
  const child = spawn(process.execPath, [...flags, program, driver.aeronDirectory, CHANNEL], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let output = ''
    child.stdout.on('data', (data: Buffer) => (output += data.toString()))
    // The image may be here before the child has heard of its publication.
    await eventually(() => images === 1 && output === 'publishing\n')
    child.kill('SIGSTOP')
    // The driver gives the client up, and with it the publication.
    await eventually(() => images === 0)
    expect(subscription.hasNoImages).toBe(true)
    child.kill('SIGCONT')
    const [code] = (await once(child, 'close')) as [number]
    // Stopped just before it would have shown that it is alive, it has been away for less than the driver waits.
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/^publishing\n(?:CONDUCTOR_SERVICE_TIMEOUT|CLIENT_TIMEOUT) closed\n$/),
    ])
    expect(events).toEqual([])
  } finally {
    child.kill('SIGKILL')
  }
})
