import { isDeepStrictEqual as isEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchArchivingMediaDriver, readCounters, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, isArchiveError, type AeronArchiveOptions, type ArchiveRequest } from '@x/archive'
import { Aeron } from '@x/client'
import { ControlResponseCode } from '@x/codecs/archive'
import { failureOf } from '../src/session/pending-request.ts'
import type { RequestRunner } from '../src/requests/request-runner.ts'
import { listRecordings } from '../src/requests/query-requests.ts'
import { activeReplays, codeOf, recordingOf, recordMessages, until } from './archive-test-kit.ts'

const CHANNEL = 'aeron:ipc?term-length=64k'
const STREAM_ID = 1951
const REPLAY_STREAM_ID = 2951
/** Counter of a client's life. Protocol: Aeron's AeronCounters. */
const CLIENT_HEARTBEAT_TYPE_ID = 11
/** Longer than what is closed lingers on this driver. */
const SETTLING_MS = 700

let driver: ArchivingMediaDriverProcess
let aeron: Aeron
let archive: AeronArchive
let errors: Error[]

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({
    name: 'archive-hostile-test',
    fastTimeouts: true,
    properties: {
      'aeron.publication.linger.timeout': '100ms',
      // No replay is to end by itself here.
      'aeron.archive.connect.timeout': '60s',
    },
  })
})

afterAll(async () => {
  await driver.close()
})

beforeEach(async () => {
  errors = []
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  archive = await AeronArchive.connect(options())
})

afterEach(() => {
  archive.close()
  aeron.close()
})

function options(): AeronArchiveOptions {
  return {
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
    errorHandler: (error) => errors.push(error),
  }
}

/** What the driver and the archive have allocated: a counter for each publication, subscription, image, session, replay. */
function allocated(): string[] {
  return readCounters(driver.aeronDirectory)
    .filter(({ typeId }) => typeId !== CLIENT_HEARTBEAT_TYPE_ID)
    .map(({ typeId, label }) => `${typeId} ${label}`)
    .toSorted()
}

/** {@link allocated}, once what was closed before is gone. */
async function settled(): Promise<string[]> {
  for (let last = ''; ;) {
    const beginMs = performance.now()
    const now = allocated()
    if (now.join() === last) return now
    await new Promise((resolve) => setTimeout(resolve, SETTLING_MS))
    await aeron.nextSessionId(STREAM_ID)
    // A driver that stood still meanwhile has let go of nothing.
    last = performance.now() - beginMs < 2 * SETTLING_MS ? now.join() : ''
  }
}

async function untilAllocated(before: readonly string[]): Promise<void> {
  const isGone = (): true | undefined => (isEqual(allocated(), before) ? true : undefined)
  await until('the leftovers to go', isGone).catch(() => undefined)
  expect(allocated()).toEqual(before)
}

/** Makes a request again and again, and gives it up a step later each time, until it has come to its end before; that one is given back. */
async function givenUpInEachStep<T>(make: () => ArchiveRequest<T>): Promise<T> {
  for (let steps = 0; ; steps++) {
    const request = make()
    for (let step = 0; step < steps && !request.isDone; step++) {
      request.poll()
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    if (request.isDone) return request.result
    request.cancel()
    expect(await codeOf(request)).toBe('REQUEST_CANCELLED')
  }
}

test('the archive refuses a second listing beside a running one, and the client never asks for two', async () => {
  await recordMessages(archive, CHANNEL, STREAM_ID, 1, 100)
  // Past the queue of the client: both come to the archive before it has worked on the first.
  const { requests } = archive as unknown as { readonly requests: RequestRunner }
  const isListing = false
  await until('the refusal', () => {
    const both = [0, 1].map(() => requests.submit('list recordings', listRecordings(0n, 100), { isListing }))
    while (both.some((request) => !request.isAnswered && request.descriptors.length === 0)) archive.doWork()
    const refusal = both.find(({ response }) => response?.code === ControlResponseCode.ERROR)
    if (refusal === undefined) return undefined
    expect(isArchiveError(failureOf(refusal), 'ACTIVE_LISTING')).toBe(true)
    return true
  })

  for (let round = 0; round < 50; round++) {
    archive.listRecordings(0n, 100).cancel()
    expect((await archive.listRecordings(0n, 100)).length).toBeGreaterThanOrEqual(1)
  }
})

test('a recorded publication that is given up in any step leaves neither publication nor recording', async () => {
  const streamId = STREAM_ID + 3
  const before = await settled()
  const publication = await givenUpInEachStep(() =>
    archive.addRecordedExclusivePublication(CHANNEL, streamId),
  )
  await archive.stopRecordingOf(publication)
  publication.close()
  await untilAllocated(before)
  expect(await archive.listRecordingSubscriptions(0, 100, 'aeron:ipc', streamId)).toEqual([])
  expect(errors).toEqual([])
})

test.each(['aeron:ipc', 'aeron:udp?endpoint=127.0.0.1:0', 'aeron:ipc?control-mode=response'])(
  'a replay to %s that is given up in any step leaves no subscription, and ends',
  async (channel) => {
    const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 100, 1_000)
    const before = await settled()
    const { subscription, replaySessionId } = await givenUpInEachStep(() =>
      archive.openReplay(recordingId, channel, REPLAY_STREAM_ID),
    )
    await archive.stopReplay(replaySessionId)
    subscription.close()
    await until('the replays to end', () => (activeReplays(aeron) === 0 ? true : undefined))
    await untilAllocated(before)
    expect(errors).toEqual([])
  },
)

test('a connect that is aborted at any time leaves nothing', async () => {
  const before = await settled()
  for (let delayMs = 0; delayMs < 20; delayMs++) {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new Error(`after ${delayMs} ms`)), delayMs)
    const connecting = AeronArchive.connect({ ...options(), signal: controller.signal })
    const outcome = await connecting.catch((reason: unknown) => String(reason))
    clearTimeout(timer)
    expect([`Error: after ${delayMs} ms`, 'connected']).toContain(
      outcome instanceof AeronArchive ? 'connected' : outcome,
    )
    if (outcome instanceof AeronArchive) outcome.close()
  }
  await untilAllocated(before)
})

test('a client of its own that cannot connect is closed with all it had', async () => {
  const before = await settled()
  const connecting = AeronArchive.connect({
    aeronDirectory: driver.aeronDirectory,
    controlRequestChannel: 'aeron:udp?endpoint=127.0.0.1:1',
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    messageTimeoutMs: 200,
  })
  expect(await codeOf(connecting)).toBe('CONNECT_TIMEOUT')
  const refused = AeronArchive.connect({
    ...options(),
    controlResponseChannel: 'aeron:udp?endpoint=nosuchhost.invalid:1',
  })
  expect(await codeOf(refused)).toBe('CONNECT_FAILED')
  await expect(refused).rejects.toThrow(/refuses a control channel .*the driver says/)
  const supplier = {
    encodedCredentials: () => {
      throw new Error('no credentials at hand')
    },
    onChallenge: () => new Uint8Array(0),
  }
  await expect(AeronArchive.connect({ ...options(), credentialsSupplier: supplier })).rejects.toThrow(
    'at hand',
  )
  await untilAllocated(before)
})

test('closing the Aeron client under a connect, a replay and requests ends them all with errors', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 1, 100)
  const shared = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const own = await AeronArchive.connect({ ...options(), aeron: shared })
  const connecting = AeronArchive.asyncConnect({ ...options(), aeron: shared })
  connecting.poll()
  const open = [
    own.listRecordings(0n, 10),
    own.getStartPosition(recordingId),
    own.addRecordedExclusivePublication(CHANNEL, STREAM_ID),
    own.openReplay(recordingId, 'aeron:udp?endpoint=127.0.0.1:0', REPLAY_STREAM_ID),
    own.awaitSignal({ correlationId: 1n }),
  ]
  const outcomes = open.map(async (request) => codeOf(request))
  shared.close()
  for (const outcome of outcomes) expect(await outcome).not.toBe('no error')
  connecting.close()
  own.close()
  expect(connecting.state).toBe('CLOSED')
  expect(own.isClosed).toBe(true)
})

test('closing the archive client fails each request that is open, and leaves nothing', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 1, 100)
  const before = await settled()
  const own = await AeronArchive.connect(options())
  const open = [
    own.listRecordings(0n, 10),
    own.getStartPosition(recordingId),
    own.addRecordedExclusivePublication(CHANNEL, STREAM_ID),
    own.replay(recordingId, 'aeron:udp?endpoint=127.0.0.1:0', REPLAY_STREAM_ID),
    own.awaitSignal({ correlationId: 1n }),
  ]
  const outcomes = open.map(async (request) => codeOf(request))
  own.close()
  expect(await Promise.all(outcomes)).toEqual(open.map(() => 'CLOSED'))
  await untilAllocated(before)
})

test('an answer that comes too late is nobody else’s, and the replay that it tells of is stopped', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 100, 1_000)
  using hasty = await AeronArchive.connect({ ...options(), messageTimeoutMs: 2_000 })
  driver.signal('SIGSTOP')
  const late = [
    hasty.getStartPosition(1_000_000n),
    hasty.getStopPosition(recordingId),
    hasty.listRecordings(0n, 10),
    hasty.startReplay(recordingId, CHANNEL, REPLAY_STREAM_ID),
  ]
  const codes = await Promise.all(late.map(async (request) => codeOf(request)))
  driver.signal('SIGCONT')
  expect(codes).toEqual(late.map(() => 'RESPONSE_TIMEOUT'))
  expect(await hasty.getStartPosition(recordingId)).toBe(0)
  expect((await hasty.listRecordings(recordingId, 1))[0]?.recordingId).toBe(recordingId)
  await until('the replay to end', () => (activeReplays(aeron) === 0 ? true : undefined))
})

test('a signal ends what waits for an archive that stands still, at once and with its reason', async () => {
  const { recordingId } = await recordMessages(archive, CHANNEL, STREAM_ID, 100, 1_000)
  driver.signal('SIGSTOP')
  const controller = new AbortController()
  const { signal } = controller
  const waiting = [
    archive.getStartPosition(recordingId).withSignal(signal),
    archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID).withSignal(signal),
    archive.recordings({}, { signal }).next(),
    archive.replayMessages(recordingId, CHANNEL, REPLAY_STREAM_ID, { signal }).next(),
  ].map(async (each) => each.then(() => 'no error', String))
  setTimeout(() => controller.abort(new Error('enough')), 50)
  const outcomes = await Promise.race([
    Promise.all(waiting),
    new Promise((resolve) => setTimeout(resolve, 5_000, 'nothing in 5 s')),
  ])
  driver.signal('SIGCONT')
  expect(outcomes).toEqual(waiting.map(() => 'Error: enough'))
  expect(await archive.getStartPosition(recordingId)).toBe(0)
})

test('descriptors that need several fragments are listed whole', async () => {
  const alias = 'x'.repeat(3_000)
  const channels = [0, 1, 2].map((index) => `${CHANNEL}|alias=${index}-${alias}`)
  for (const channel of channels) await recordMessages(archive, channel, STREAM_ID + 1, 1, 100)
  const listed = await archive.listRecordingsForUri(0n, 100, alias, STREAM_ID + 1)
  expect(listed.map(({ originalChannel }) => /alias=(\d)-x{3000}/.exec(originalChannel)?.[1])).toEqual([
    '0',
    '1',
    '2',
  ])
  const iterated: bigint[] = []
  for await (const { recordingId } of archive.recordings({
    channelFragment: alias,
    streamId: STREAM_ID + 1,
  })) {
    iterated.push(recordingId)
  }
  expect(iterated).toEqual(listed.map(({ recordingId }) => recordingId))
  expect(() => archive.listRecordingsForUri(0n, 1, 'y'.repeat(9_000), STREAM_ID)).toThrow(RangeError)
})

test('recordings are listed while some of them are purged', async () => {
  const ids: bigint[] = []
  for (let index = 0; index < 10; index++) {
    ids.push((await recordMessages(archive, CHANNEL, STREAM_ID + 2, 1, 100)).recordingId)
  }
  const from = ids[0] ?? 0n
  const listings = ids.map(() => archive.listRecordings(from, 100))
  const purges = ids.filter((_, index) => index % 2 === 0).map((id) => archive.purgeRecording(id))
  const lists = await Promise.all(listings)
  await Promise.all(purges)
  const kept = ids.filter((_, index) => index % 2 === 1)
  for (const list of lists) {
    const listed = list.map(({ recordingId }) => recordingId)
    expect(listed).toEqual(expect.arrayContaining(kept))
    expect(listed).toEqual(listed.toSorted((a, b) => Number(a - b)))
  }
  expect((await archive.listRecordings(from, 100)).map(({ recordingId }) => recordingId)).toEqual(kept)
})

test('a handler that closes the client it is called by, or throws, harms nobody', async () => {
  const seen: string[] = []
  const own = await AeronArchive.connect({
    ...options(),
    onRecordingSignal: () => {
      seen.push('signal')
      throw new Error('of the handler')
    },
    errorHandler: (error) => {
      seen.push(error.message)
      own.close()
    },
  })
  const publication = await own.addRecordedExclusivePublication(CHANNEL, STREAM_ID)
  const { recordingId } = await recordingOf(archive, publication)
  await until('the close', () => (own.isClosed ? true : undefined))
  expect(seen).toEqual(['signal', 'of the handler'])
  publication.close()
  expect(await archive.getStartPosition(recordingId)).toBe(0)
})
