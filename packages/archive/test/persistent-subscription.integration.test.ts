import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { launchArchivingMediaDriver, reservePorts, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import {
  AeronArchive,
  FROM_LIVE,
  FROM_START,
  isArchiveError,
  PersistentSubscription,
  PersistentSubscriptionState,
  type PersistentSubscriptionOptions,
} from '@x/archive'
import { Action, Aeron, ChannelUri, type ExclusivePublication } from '@x/client'
import {
  awaitEnd,
  awaitRecorded,
  messageOf,
  recordingOf,
  recordMessages,
  send,
  until,
} from './archive-test-kit.ts'

const STREAM_ID = 1401
const REPLAY_STREAM_ID = 2401
const TERM_LENGTH = 64 * 1024
const LENGTH = 1000

let driver: ArchivingMediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>
let publishChannel: string
let liveChannel: string
let aeron: Aeron
let archive: AeronArchive

beforeAll(async () => {
  ports = await reservePorts(1)
  const control = `control=127.0.0.1:${ports.ports[0]}|control-mode=dynamic`
  publishChannel = `aeron:udp?${control}|term-length=${TERM_LENGTH}|fc=max`
  liveChannel = `aeron:udp?endpoint=127.0.0.1:0|${control}`
  driver = await launchArchivingMediaDriver({
    name: 'persistent-subscription-test',
    fastTimeouts: true,
    properties: {
      'aeron.archive.segment.file.length': '128k',
      'aeron.spies.simulate.connection': 'true',
    },
  })
})

afterAll(async () => {
  await driver.close()
  ports.release()
})

beforeEach(async () => {
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  archive = await AeronArchive.connect({
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
})

afterEach(() => {
  archive.close()
  aeron.close()
})

interface Recorded {
  readonly publication: ExclusivePublication
  readonly recordingId: bigint
  readonly counterId: number
}

async function publish(first: number, count: number, recorded: Recorded): Promise<void> {
  for (let index = first; index < first + count; index++) {
    await send(recorded.publication, messageOf(index, LENGTH))
  }
  await awaitRecorded(aeron, recorded.counterId, recorded.publication.position)
}

async function startRecorded(channel = publishChannel): Promise<Recorded> {
  const publication = await archive.addRecordedExclusivePublication(channel, STREAM_ID)
  return { publication, ...(await recordingOf(archive, publication)) }
}

/** A persistent subscription that is polled by timers, and what it got. */
class Reader {
  readonly messages: Uint8Array[] = []
  readonly events: string[] = []
  readonly errors: Error[] = []
  readonly subscription: PersistentSubscription
  readonly #timer: NodeJS.Timeout

  constructor(options: Partial<PersistentSubscriptionOptions> & { readonly recordingId: bigint }) {
    this.subscription = PersistentSubscription.createSync({
      aeron,
      archive: {
        controlRequestChannel: driver.localControlChannel,
        controlResponseChannel: 'aeron:ipc',
      },
      liveChannel,
      liveStreamId: STREAM_ID,
      replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
      replayStreamId: REPLAY_STREAM_ID,
      listener: {
        onLiveJoined: () => this.events.push('joined'),
        onLiveLeft: () => this.events.push('left'),
        onError: (error) => this.errors.push(error),
      },
      ...options,
    })
    this.#timer = setInterval(() => this.#poll(), 1)
  }

  async live(): Promise<void> {
    await until('the live stream', () => (this.subscription.isLive ? true : undefined), 60_000).catch(
      (error) => {
        throw new Error(`${this.subscription.state} ${this.messages.length} ${this.errors.join()}`, {
          cause: error,
        })
      },
    )
  }

  async count(count: number): Promise<void> {
    await until('the messages', () => (this.messages.length >= count ? true : undefined), 60_000).catch(
      (error) => {
        throw new Error(`${this.subscription.state} ${this.messages.length} ${this.errors.join()}`, {
          cause: error,
        })
      },
    )
  }

  async failed(): Promise<string> {
    await until('the failure', () => (this.subscription.hasFailed ? true : undefined))
    const { failureReason } = this.subscription
    return failureReason?.context.reason ?? 'none'
  }

  close(): void {
    clearInterval(this.#timer)
    this.subscription.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #poll(): void {
    while (
      this.subscription.poll((buffer, offset, length) => {
        this.messages.push(Buffer.from(buffer.bytes.subarray(offset, offset + length)))
      }, 10) > 0
    );
  }
}

function messagesFrom(first: number, count: number, length = LENGTH): Uint8Array[] {
  return Array.from({ length: count }, (_, at) => messageOf(first + at, length))
}

for (const [name, replayChannel] of [
  ['a port that the driver gives', 'aeron:udp?endpoint=127.0.0.1:0'],
  ['IPC', 'aeron:ipc'],
  ['a response channel', 'aeron:ipc?control-mode=response'],
] as const) {
  test(`from the start, over ${name}: the recording, then the live stream, without a gap`, async () => {
    const recorded = await startRecorded()
    await publish(0, 300, recorded)
    using reader = new Reader({ recordingId: recorded.recordingId, replayChannel, startPosition: FROM_START })
    for (let index = 300; index < 500; index += 10) await publish(index, 10, recorded)
    await reader.live()
    await publish(500, 100, recorded)
    await reader.count(600)
    expect(reader.messages).toEqual(messagesFrom(0, 600))
    expect(reader.events).toEqual(['joined'])
    expect(reader.subscription.position).toBe(recorded.publication.position)
    expect(reader.errors).toEqual([])
    recorded.publication.close()
  })
}

test('from a position, with messages in fragments, and its counters tell', async () => {
  const recorded = await startRecorded()
  const positions: number[] = []
  for (let index = 0; index < 20; index++)
    positions.push(await send(recorded.publication, messageOf(index, 5000)))
  await awaitRecorded(aeron, recorded.counterId, recorded.publication.position)
  using reader = new Reader({ recordingId: recorded.recordingId, startPosition: positions[9] ?? 0 })
  await reader.live()
  for (let index = 20; index < 40; index++) await send(recorded.publication, messageOf(index, 5000))
  await reader.count(30)
  expect(reader.messages).toEqual(messagesFrom(10, 30, 5000))
  const counters = aeron.countersReader
  const valueOf = (typeId: number): bigint => {
    const id = counters.findCounter((counterId) => counters.getCounterTypeId(counterId) === typeId)
    expect(counters.getCounterLabel(id)).toContain(`${STREAM_ID} ${liveChannel}`)
    return counters.getCounterValue(id)
  }
  expect(valueOf(114)).toBe(BigInt(PersistentSubscriptionState.LIVE))
  expect(valueOf(116)).toBe(0n)
  expect(valueOf(117)).toBe(1n)
  expect(valueOf(115)).toBeGreaterThan(-(2n ** 63n))
  recorded.publication.close()
})

test('its position is always behind a whole message, so that another one can go on there', async () => {
  const streamId = STREAM_ID + 1
  const { recordingId, positions } = await recordMessages(
    archive,
    `aeron:ipc?term-length=${TERM_LENGTH}`,
    streamId,
    20,
    5000,
  )
  const options = {
    aeron,
    archive: { controlRequestChannel: driver.localControlChannel, controlResponseChannel: 'aeron:ipc' },
    recordingId,
    liveChannel: 'aeron:ipc',
    liveStreamId: streamId,
    replayChannel: 'aeron:ipc',
    replayStreamId: REPLAY_STREAM_ID,
  }
  const received: Uint8Array[] = []
  let position: number = FROM_START
  while (received.length < 20) {
    // One that stops in the middle of a message, and is followed by the next one.
    using subscription = await PersistentSubscription.create({ ...options, startPosition: position })
    const before = received.length
    let fragments = 0
    await until('a message and a part of the next one', () => {
      const count = subscription.poll((buffer, offset, length) => {
        received.push(Buffer.from(buffer.bytes.subarray(offset, offset + length)))
      }, 1)
      if (received.length > before && subscription.isReplaying) fragments += count
      return fragments >= 3 || received.length === 20 ? true : undefined
    })
    position = subscription.position
    // What does not fit at the end of a term begins with the next one.
    expect([...positions, ...positions.map((end) => Math.ceil(end / TERM_LENGTH) * TERM_LENGTH)]).toContain(
      position,
    )
  }
  expect(received).toEqual(messagesFrom(0, 20, 5000))
})

test('from live: nothing of what was before, and all that is after', async () => {
  const recorded = await startRecorded()
  await publish(0, 50, recorded)
  using reader = new Reader({ recordingId: recorded.recordingId, startPosition: FROM_LIVE })
  await reader.live()
  await publish(50, 50, recorded)
  await reader.count(50)
  expect(reader.messages).toEqual(messagesFrom(50, 50))
  recorded.publication.close()
})

test('it survives the death of its publisher, and joins the one that extends the recording', async () => {
  const recorded = await startRecorded()
  await publish(0, 100, recorded)
  using reader = new Reader({ recordingId: recorded.recordingId, startPosition: FROM_START })
  await reader.live()
  await publish(100, 100, recorded)
  const { recordingId, counterId, publication } = recorded
  const stopPosition = publication.position
  publication.close()
  await awaitEnd(archive, counterId, recordingId)
  await until('the live stream to be left', () => (reader.events.includes('left') ? true : undefined), 60_000)
  await until('the wait for a live stream', () =>
    reader.subscription.state === 'AWAIT_LIVE' ? true : undefined,
  )

  const extended = await extend(recordingId, stopPosition)
  await reader.live()
  await publish(200, 100, extended)
  await reader.count(300)
  expect(reader.messages).toEqual(messagesFrom(0, 300))
  expect(reader.events).toEqual(['joined', 'left', 'joined'])
  extended.publication.close()
})

async function extend(recordingId: bigint, position: number): Promise<Recorded> {
  const initialTermId = (await archive.listRecording(recordingId))?.initialTermId ?? 0
  const channel = ChannelUri.parse(publishChannel)
    .put('init-term-id', String(initialTermId))
    .put('term-id', String((initialTermId + Math.floor(position / TERM_LENGTH)) | 0))
    .put('term-offset', String(position % TERM_LENGTH))
  const publication = await aeron.addExclusivePublication(channel.toString(), STREAM_ID)
  const session = channel.put('session-id', String(publication.sessionId)).toString()
  await archive.extendRecording(recordingId, session, STREAM_ID)
  return { publication, ...(await recordingOf(archive, publication)) }
}

test('it survives the end of its replay', async () => {
  const recorded = await startRecorded()
  await publish(0, 300, recorded)
  const taken: Uint8Array[] = []
  using reader = PersistentSubscription.createSync({
    aeron,
    archive: { controlRequestChannel: driver.localControlChannel, controlResponseChannel: 'aeron:ipc' },
    recordingId: recorded.recordingId,
    startPosition: FROM_START,
    liveChannel,
    liveStreamId: STREAM_ID,
    replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    replayStreamId: REPLAY_STREAM_ID,
  })
  let stops = 0
  await until(
    'all messages',
    () => {
      reader.controlledPoll((buffer, offset, length) => {
        taken.push(Buffer.from(buffer.bytes.subarray(offset, offset + length)))
        return Action.BREAK
      }, 10)
      if (taken.length >= 20 * (stops + 1) && stops < 5 && reader.isReplaying) {
        stops++
        void archive.stopAllReplays(recorded.recordingId)
      }
      return taken.length >= 300 ? true : undefined
    },
    60_000,
  )
  expect(stops).toBeGreaterThan(0)
  taken.forEach((message, index) => expect(message).toEqual(messageOf(index, LENGTH)))
  recorded.publication.close()
})

test('what cannot go on fails for good, with its reason', async () => {
  const { recordingId, stopPosition } = await recordMessages(archive, publishChannel, STREAM_ID, 10, 1000)
  const reasons: string[] = []
  for (const options of [
    { recordingId: 1_000_000n },
    { recordingId, liveStreamId: STREAM_ID + 1 },
    { recordingId, startPosition: stopPosition + 1024 },
    { recordingId, startPosition: 33 },
    { recordingId, startPosition: 64 },
    { recordingId, replayChannel: 'aeron:udp?endpoint=nosuchhost.invalid:1', startPosition: 0 },
  ]) {
    using reader = new Reader(options)
    reasons.push(await reader.failed())
    expect(reader.errors.at(-1)).toBe(reader.subscription.failureReason)
    expect(isArchiveError(reader.subscription.failureReason, 'PERSISTENT_SUBSCRIPTION_FAILED')).toBe(true)
    await expect(reader.subscription.messages().next()).rejects.toThrow('Cannot subscribe persistently')
  }
  expect(reasons).toEqual([
    'RECORDING_NOT_FOUND',
    'STREAM_ID_MISMATCH',
    'INVALID_START_POSITION',
    'GENERIC',
    'INVALID_START_POSITION',
    'GENERIC',
  ])
  const long = await recordMessages(archive, publishChannel, STREAM_ID, 300, 1000)
  await archive.purgeSegments(long.recordingId, 2 * TERM_LENGTH)
  using early = new Reader({ recordingId: long.recordingId, startPosition: 0 })
  expect(await early.failed()).toBe('INVALID_START_POSITION')
  using onTime = new Reader({ recordingId: long.recordingId, startPosition: FROM_START })
  await until('the rest of the recording', () => (onTime.messages.length > 0 ? true : undefined))
  expect(onTime.subscription.hasFailed).toBe(false)

  expect(() => new Reader({ recordingId: -1n })).toThrow(RangeError)
  expect(() => new Reader({ recordingId, startPosition: -3 })).toThrow(RangeError)
  const replayChannel = 'aeron:udp?control-mode=response|control=127.0.0.1:1'
  expect(() => new Reader({ recordingId, replayChannel })).toThrow(TypeError)
})

test('it is iterated over, with an Aeron client of its own', async () => {
  const recorded = await startRecorded()
  await publish(0, 50, recorded)
  const subscription = await PersistentSubscription.create({
    aeronDirectory: driver.aeronDirectory,
    archive: { controlRequestChannel: driver.localControlChannel, controlResponseChannel: 'aeron:ipc' },
    recordingId: recorded.recordingId,
    startPosition: FROM_START,
    liveChannel,
    liveStreamId: STREAM_ID,
    replayChannel: 'aeron:ipc',
    replayStreamId: REPLAY_STREAM_ID,
  })
  let index = 0
  for await (const { data } of subscription) {
    expect(data).toEqual(messageOf(index++, LENGTH))
    if (index === 50) await publish(50, 50, recorded)
    if (index === 100) break
  }
  subscription.close()
  subscription.close()
  expect(subscription.isClosed).toBe(true)
  recorded.publication.close()
})
