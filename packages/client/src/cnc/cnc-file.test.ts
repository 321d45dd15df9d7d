import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeDriver } from '../../test/support/fake-driver.ts'
import { isAeronError, type DriverAbsence } from '../aeron-error.ts'
import { Aeron } from '../aeron.ts'
import { diagnoseAbsence } from './connect-diagnosis.ts'

const TIMEOUT_MS = 60

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cnc-file-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** A `cnc.dat` of a live driver, changed by `change`, in a directory without the driver. */
function writeCnc(change: (bytes: Buffer) => Buffer | void, options?: { version: number }): void {
  using driver = new FakeDriver(options)
  driver.ring.updateConsumerHeartbeatTime(BigInt(Date.now()))
  const bytes = readFileSync(driver.cncPath)
  writeFileSync(join(directory, 'cnc.dat'), change(bytes) ?? bytes)
}

async function connectError(): Promise<unknown> {
  const startMs = performance.now()
  const error: unknown = await Aeron.connect({ aeronDirectory: directory, driverTimeoutMs: TIMEOUT_MS }).then(
    (aeron) => aeron.close(),
    (rejection: unknown) => rejection,
  )
  // By default it would be 10 s.
  expect(performance.now() - startMs).toBeLessThan(9_000)
  expect(() => Aeron.connectSync({ aeronDirectory: directory, driverTimeoutMs: TIMEOUT_MS })).toThrow(
    (error as Error).message,
  )
  return error
}

async function absence(): Promise<DriverAbsence | undefined> {
  const error = await connectError()
  if (!isAeronError(error, 'DRIVER_TIMEOUT')) throw error
  const { reason } = error.context
  const { step } = diagnoseAbsence(directory)
  expect(error.context).toEqual({ aeronDirectory: directory, driverTimeoutMs: TIMEOUT_MS, reason, step })
  expect(error.message).toContain(reason)
  return reason
}

test('connect() without a directory, or without a cnc.dat in it, says that there is no driver', async () => {
  expect(await absence()).toBe('no cnc.dat')
  rmSync(directory, { recursive: true })
  expect(await absence()).toBe('no cnc.dat')
})

test('connect() to an empty cnc.dat, or one cut off in its first part, says that it is too short', async () => {
  for (const length of [0, 1, 100, 127]) {
    writeCnc((bytes) => bytes.subarray(0, length))
    expect(await absence()).toBe('cnc.dat too short')
  }
})

test('connect() to a cnc.dat cut off in a section says that it is too short', async () => {
  writeCnc(() => {})
  truncateSync(join(directory, 'cnc.dat'), 8192)
  expect(await absence()).toBe('cnc.dat too short')
})

test('connect() to a zeroed cnc.dat says that it is not initialised', async () => {
  writeCnc((bytes) => bytes.fill(0))
  expect(await absence()).toBe('cnc.dat not initialised')
})

test('connect() to a cnc.dat that a dead driver left says that its heartbeat is too old', async () => {
  using driver = new FakeDriver()
  writeFileSync(join(directory, 'cnc.dat'), readFileSync(driver.cncPath))
  expect(await absence()).toBe('driver heartbeat too old')
  driver.shutDown()
  writeFileSync(join(directory, 'cnc.dat'), readFileSync(driver.cncPath))
  expect(await absence()).toBe('driver heartbeat too old')
})

test('connect() to a cnc.dat of a driver that has not beaten yet says so', async () => {
  using driver = new FakeDriver()
  driver.ring.updateConsumerHeartbeatTime(0n)
  writeFileSync(join(directory, 'cnc.dat'), readFileSync(driver.cncPath))
  expect(await absence()).toBe('no driver heartbeat')
})

test.each([
  [0x0000_0100, '0.1.0'],
  [0x0001_0000, '1.0.0'],
  [0x00ff_0201, '255.2.1'],
])('connect() to a cnc.dat of version %i fails at once', async (version, text) => {
  writeCnc(() => {}, { version })
  const error = await connectError()
  if (!isAeronError(error, 'CNC_VERSION_UNSUPPORTED')) throw error
  expect(error.context).toMatchObject({ fileVersion: version, clientVersion: 0x200 })
  expect(error.message).toContain(text)
})

test('connect() takes a newer minor version', async () => {
  writeCnc(() => {}, { version: 0x0000_0301 })
  using aeron = await Aeron.connect({ aeronDirectory: directory })
  expect(aeron.isClosed).toBe(false)
})

test('connect() to a cnc.dat of nonsense lengths fails at once', async () => {
  for (const length of [-1, 0, 100, 0x7fff_ffff]) {
    writeCnc((bytes) => {
      bytes.writeInt32LE(length, 4)
    })
    const error = await connectError()
    // A length beyond the file could still be a file that is growing.
    const expected = length === 0x7fff_ffff ? 'DRIVER_TIMEOUT' : 'CNC_MALFORMED'
    expect(error).toMatchObject({ code: expected })
  }
})

test.each([
  ['to-clients', 8],
  ['counters metadata', 12],
])('connect() to a cnc.dat whose %s section cannot be one fails at once', async (_section, offset) => {
  writeCnc((bytes) => {
    bytes.writeInt32LE(1000, offset)
  })
  expect(await connectError()).toMatchObject({ code: 'CNC_MALFORMED' })
})

test('connect() does not map a cnc.dat again and again while it is not initialised', () => {
  writeCnc((bytes) => bytes.fill(0))
  truncateSync(join(directory, 'cnc.dat'), 2 ** 30)
  const before = process.memoryUsage().external
  expect(() => Aeron.connectSync({ aeronDirectory: directory, driverTimeoutMs: TIMEOUT_MS })).toThrow(
    'not initialised',
  )
  expect(process.memoryUsage().external - before).toBeLessThan(2 ** 29)
})

test('connect() to random bytes fails, whatever they are', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const bytes = Buffer.from(
      Array.from({ length: 4096 }, (_, i) => (i * i * 31 + i * seed * 7 + seed) & 0xff),
    )
    writeFileSync(join(directory, 'cnc.dat'), bytes)
    expect(await connectError()).toMatchObject({ name: 'AeronError' })
  }
})

test('connect() where cnc.dat is no file fails at once', async () => {
  mkdirSync(join(directory, 'cnc.dat'))
  expect(await connectError()).toMatchObject({ name: 'MmapError', path: join(directory, 'cnc.dat') })
})

test('connect() finds a driver that starts while it waits', async () => {
  using driver = new FakeDriver()
  driver.ring.updateConsumerHeartbeatTime(BigInt(Date.now()))
  const connecting = Aeron.connect({ aeronDirectory: directory, driverTimeoutMs: 20_000 })
  setTimeout(() => writeFileSync(join(directory, 'cnc.dat'), readFileSync(driver.cncPath)), 50)
  using aeron = await connecting
  expect(aeron.clientId).toBe(1n)
})

test('connect() can be aborted while it waits', async () => {
  const connecting = Aeron.connect({ aeronDirectory: directory, signal: AbortSignal.timeout(20) })
  await expect(connecting).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('connect() refuses a keep-alive interval that the driver would not wait for', async () => {
  writeCnc(() => {})
  await expect(
    Aeron.connect({ aeronDirectory: directory, keepAliveIntervalMs: 10_000 }),
  ).rejects.toBeInstanceOf(RangeError)
})
