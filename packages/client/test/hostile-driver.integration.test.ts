import { truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Aeron, AeronError, ErrorCode, isAeronError } from '@x/client'
import { LOG_META_DATA_LENGTH } from '../src/logbuffer/log-buffer-descriptor.ts'
import { eventually } from './support/eventually.ts'
import { Command, FakeDriver, DriverEvent } from './support/fake-driver.ts'
import { LocalLog } from './support/local-log.ts'
import { seededRandom } from './support/random.ts'

// A driver that does what no driver should: the client answers with errors, and neither dies nor hangs.

let driver: FakeDriver
let aeron: Aeron
let errors: Error[]

beforeEach(async () => {
  driver = new FakeDriver()
  errors = []
  aeron = await Aeron.connect({
    aeronDirectory: driver.directory,
    errorHandler: (error) => errors.push(error),
    driverTimeoutMs: 3_600_000,
    epochClock: driver.clock,
  })
})

afterEach(() => {
  aeron.close()
  driver.close()
})

/** Sends an event of these bytes. */
function sendBytes(typeId: number, bytes: Uint8Array): void {
  driver.sendRaw(typeId, bytes)
}

test.each(Object.entries(ErrorCode))(
  'error code %s (%i) rejects a command with its name',
  async (name, code) => {
    const adding = aeron.addPublication('aeron:ipc', 10)
    driver.sendError(driver.receive()[0]!.correlationId, code, 'ERROR - because')
    const error = await adding.catch((rejection: unknown) => rejection)
    if (!isAeronError(error, 'REGISTRATION_FAILED')) throw error
    expect(error.context).toMatchObject({ errorCode: code, errorCodeName: name })
    expect(error.message).toContain('because')
    expect(errors).toEqual([])
  },
)

test('an error code of a newer driver rejects a command, with its number', async () => {
  const adding = aeron.addSubscription('aeron:ipc', 10)
  driver.sendError(driver.receive()[0]!.correlationId, 4711, '')
  await expect(adding).rejects.toMatchObject({
    context: { errorCode: 4711, errorCodeName: 'UNKNOWN_CODE_VALUE' },
  })
})

test('a driver event longer than any that is known is read, and those behind it too', async () => {
  const long = 'x'.repeat(7_000)
  const adding = aeron.addPublication('aeron:ipc', 10)
  const { correlationId } = driver.receive()[0]!
  sendBytes(0x0fff, new Uint8Array(8_192).fill(0xff))
  driver.sendError(correlationId, ErrorCode.GENERIC_ERROR, long)
  await expect(adding).rejects.toThrow(long)
  expect(aeron.isClosed).toBe(false)
})

test('thousands of events of random bytes, known types and unknown, end nothing', () => {
  const reported: unknown[] = []
  using driven = Aeron.connectSync({
    ...driver.clientOptions,
    errorHandler: (error) => reported.push(error),
  })
  const random = seededRandom(20_250_801)
  const types = [...Object.values(DriverEvent), 0x0f7f, 0x7fff_ffff]
  // Its own time-out is an event that does end a client, so ids are kept away from its own.
  const clientTimeout: number = DriverEvent.ON_CLIENT_TIMEOUT
  for (let round = 0; round < 5_000; round++) {
    const typeId = types[random() % types.length]!
    const bytes = Uint8Array.from({ length: random() % 200 }, () => random() & 0xff)
    // Small numbers where lengths and ids are: those get furthest.
    for (let i = 0; i + 4 <= bytes.length; i += 4) {
      if (random() % 3 === 0) bytes.set([random() % 64, 0, 0, 0], i)
    }
    if (typeId === clientTimeout && bytes.length > 3) bytes[3] = 0x55
    sendBytes(typeId, bytes)
    while (driven.conductorAgentInvoker!.invoke() > 0) {}
  }
  expect(driven.isClosed).toBe(false)
  expect(reported.every((error) => error instanceof Error)).toBe(true)
  // It still does its work.
  const id = driven.asyncAddPublication('aeron:ipc', 10)
  driver.sendPublicationReady(id, driver.createLog('good'), driver.createCounter('l', 1, 1n))
  driven.conductorAgentInvoker!.invoke()
  expect(driven.getPublication(id)?.isClosed).toBe(false)
})

test.each([
  ['deleted', (path: string) => unlinkSync(path)],
  ['empty', (path: string) => truncateSync(path, 0)],
  ['cut off in its terms', (path: string) => truncateSync(path, 100_000)],
  ['cut off in its metadata', (path: string) => truncateSync(path, 3 * 65_536 + 100)],
  ['cut off at a page', (path: string) => truncateSync(path, 3 * 65_536)],
  ['garbage', (path: string) => writeFileSync(path, Buffer.alloc(3 * 65_536 + 4_096, 0xa5))],
  ['zeroed', (path: string) => writeFileSync(path, Buffer.alloc(3 * 65_536 + 4_096))],
])('a log that is %s fails the publication, or skips the image, and nothing else', async (_, ruin) => {
  const ruined = new LocalLog()
  try {
    ruin(ruined.file.path)
    const adding = aeron.addPublication('aeron:ipc', 10)
    driver.sendPublicationReady(
      driver.receive()[0]!.correlationId,
      ruined.file,
      driver.createCounter('l', 1, 1n),
    )
    const error = await adding.catch((rejection: unknown) => rejection)
    if (!isAeronError(error, 'LOG_BUFFER_UNUSABLE')) throw error
    expect(error.context.logFileName).toBe(ruined.file.path)

    const subscribing = aeron.addSubscription('aeron:ipc', 10)
    const id = driver.receive().find(({ typeId }) => typeId === Command.ADD_SUBSCRIPTION)!.correlationId
    driver.sendSubscriptionReady(id)
    const subscription = await subscribing
    driver.sendAvailableImage(99n, id, ruined.file, driver.createCounter('p', 4, id))
    driver.sendAvailableImage(100n, id, driver.createLog('good'), driver.createCounter('p', 4, id))
    // Events are read in their order.
    await eventually(() => subscription.imageCount > 0)
    expect(errors.map((reported) => (reported as AeronError).code)).toEqual(['LOG_BUFFER_UNUSABLE'])
    expect(subscription.images.map(({ correlationId }) => correlationId)).toEqual([100n])
  } finally {
    ruined.close()
  }
})

test('a log whose metadata turns to garbage under a publication gives results and RangeErrors, never anything else', () => {
  const random = seededRandom(7)
  const allowed = (error: unknown): boolean => error instanceof RangeError || error instanceof AeronError
  const wrong: unknown[] = []
  const attempt = (action: () => unknown): void => {
    try {
      action()
    } catch (error) {
      if (!allowed(error)) wrong.push(error)
    }
  }
  for (let round = 0; round < 300; round++) {
    using log = new LocalLog()
    const publications = [log.concurrent(), log.exclusive()]
    const image = log.image()
    const { metadata } = log.file
    for (let i = 0; i < 4; i++) {
      const offset = i === 0 ? random() % 7 : random() % (LOG_META_DATA_LENGTH / 4)
      metadata.putInt32(offset * 4, random() % 2 === 0 ? random() | 0 : (random() % 8) - 4)
    }
    for (const term of log.file.terms) term.putInt32((random() % 64) * 32, (random() | 0) >> (random() % 32))
    for (const publication of publications) {
      for (const length of [0, 100, 3_000]) attempt(() => publication.offer(new Uint8Array(length)))
      attempt(() => publication.position)
    }
    for (let i = 0; i < 5; i++) attempt(() => image.poll(() => {}, 100))
    attempt(() => log.concurrent())
    attempt(() => log.exclusive())
  }
  expect(wrong.map(String)).toEqual([])
})
