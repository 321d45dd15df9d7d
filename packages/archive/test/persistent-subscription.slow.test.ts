import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  launchArchivingMediaDriver,
  launchMediaDriver,
  reservePorts,
  type ArchivingMediaDriverProcess,
  type MediaDriverProcess,
} from '@x/aeron-tooling'
import { AeronArchive, FROM_START, PersistentSubscription, SourceLocation } from '@x/archive'
import { Aeron } from '@x/client'
import { rmSync } from 'node:fs'
import { messageOf, send, until } from './archive-test-kit.ts'

const STREAM_ID = 1451
const LENGTH = 1000

let driver: MediaDriverProcess
let node: ArchivingMediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>

beforeAll(async () => {
  ports = await reservePorts(3)
  driver = await launchMediaDriver({ name: 'persistent-death-client', fastTimeouts: true })
  node = await launchArchivingMediaDriver({ name: 'persistent-death-archive', fastTimeouts: true })
})

afterAll(async () => {
  await node.close()
  await driver.close()
  ports.release()
})

function archiveOptions(): {
  controlRequestChannel: string
  controlResponseChannel: string
  messageTimeoutMs: number
} {
  return {
    controlRequestChannel: node.controlChannel,
    controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    messageTimeoutMs: 3_000,
  }
}

test('it begins without its archive, and goes on after deaths of it in the replay and in the live stream', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const archive = await AeronArchive.connect({ aeron, ...archiveOptions() })
  const control = `control=127.0.0.1:${ports.ports[0]}|control-mode=dynamic`
  const liveChannel = `aeron:udp?endpoint=127.0.0.1:0|${control}`
  await archive.startRecording(liveChannel, STREAM_ID, { sourceLocation: SourceLocation.REMOTE })
  const publication = await aeron.addExclusivePublication(
    `aeron:udp?${control}|term-length=64k|fc=max`,
    STREAM_ID,
  )
  await until('the archive to listen', () => (publication.isConnected ? true : undefined))
  let sent = 0
  const publish = async (count: number): Promise<void> => {
    for (let end = sent + count; sent < end; sent++) await send(publication, messageOf(sent, LENGTH))
  }
  await publish(1000)
  const [recording] = await archive.listRecordingsForUri(0n, 1, 'aeron:udp', STREAM_ID)
  const recordingId = recording?.recordingId ?? -1n
  while ((await archive.getRecordingPosition(recordingId)) < publication.position);
  await node.kill()
  archive.close()

  const errors: Error[] = []
  const events: string[] = []
  using subscription = PersistentSubscription.createSync({
    aeron,
    archive: archiveOptions(),
    recordingId,
    startPosition: FROM_START,
    liveChannel,
    liveStreamId: STREAM_ID,
    replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    replayStreamId: STREAM_ID + 1,
    listener: {
      onError: (error) => errors.push(error),
      onLiveJoined: () => events.push('joined'),
      onLiveLeft: () => events.push('left'),
    },
  })
  let received = 0
  const read = async (what: string, isDone: () => boolean): Promise<void> => {
    await until(
      what,
      () => {
        subscription.poll((buffer, offset, length) => {
          const expected = messageOf(received, LENGTH)
          if (Buffer.compare(buffer.bytes.subarray(offset, offset + length), expected) !== 0) {
            throw new Error(`Cannot go on: message ${received} differs`)
          }
          received++
        }, 10)
        return isDone() ? true : undefined
      },
      40_000,
    )
  }
  await read('the connect to fail', () => errors.length > 0)
  const [restarted] = await Promise.all([node.restart(), read('nothing', () => true)])
  expect(restarted).toBeUndefined()
  await read('part of the replay', () => received >= 200)
  expect(subscription.isReplaying).toBe(true)
  await node.kill()
  await Promise.all([
    node.restart(),
    read(
      'some turns without an archive',
      () => subscription.state === 'AWAIT_ARCHIVE_CONNECTION' || received >= 1000,
    ),
  ])
  await read('the rest of the replay and the live stream', () => subscription.isLive && received >= 1000)
  expect(received).toBe(1000)
  await node.kill()
  await Promise.all([publish(100), read('the live stream without an archive', () => received >= 1100)])
  expect(subscription.isLive).toBe(true)
  expect(events).toEqual(['joined'])
  expect(subscription.failureReason).toBeUndefined()
  await node.restart()
  publication.close()
})

test('a live stream that was ahead of its recording when it was lost is gone on with once that has caught up', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using archive = await AeronArchive.connect({ aeron, ...archiveOptions() })
  const control = `control=127.0.0.1:${ports.ports[2]}|control-mode=dynamic`
  const liveChannel = `aeron:udp?endpoint=127.0.0.1:0|${control}`
  const streamId = STREAM_ID + 2
  await archive.startRecording(liveChannel, streamId, { sourceLocation: SourceLocation.REMOTE })
  const publication = await aeron.addExclusivePublication(
    `aeron:udp?${control}|term-length=1m|fc=max`,
    streamId,
  )
  await until('the archive to listen', () => (publication.isConnected ? true : undefined))
  let sent = 0
  const publish = async (count: number): Promise<void> => {
    for (let end = sent + count; sent < end; sent++) await send(publication, messageOf(sent, LENGTH))
  }
  await publish(10)
  const [recording] = await archive.listRecordingsForUri(0n, 1, 'aeron:udp', streamId)
  const errors: Error[] = []
  using subscription = await PersistentSubscription.create({
    aeron,
    archive: archiveOptions(),
    recordingId: recording?.recordingId ?? -1n,
    startPosition: FROM_START,
    liveChannel,
    liveStreamId: streamId,
    replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    replayStreamId: streamId + 1,
    listener: { onError: (error) => errors.push(error) },
  })
  let received = 0
  const readTo = async (count: number): Promise<void> => {
    await until(
      'the messages',
      () => {
        subscription.poll((buffer, offset, length) => {
          const bytes = buffer.bytes.subarray(offset, offset + length)
          if (Buffer.compare(bytes, messageOf(received, LENGTH)) !== 0) {
            throw new Error(`message ${received} differs`)
          }
          received++
        }, 10)
        return received >= count && subscription.isLive ? true : undefined
      },
      20_000,
    ).catch((error: unknown) => {
      throw new Error(`${subscription.state} ${received}/${sent} ${errors.join()}`, { cause: error })
    })
  }
  await readTo(10)
  node.signal('SIGSTOP')
  await publish(300)
  await readTo(sent)
  const { position } = publication
  publication.close()
  await until('the loss', () => {
    subscription.poll(() => received++, 10)
    return subscription.isLive ? undefined : true
  })
  node.signal('SIGCONT')
  await until(
    'the wait for another live stream',
    () => {
      subscription.poll(() => received++, 10)
      return subscription.state === 'AWAIT_LIVE' || subscription.hasFailed ? true : undefined
    },
    20_000,
  )
  expect(subscription.failureReason).toBeUndefined()
  expect(subscription.position).toBe(position)
  expect(received).toBe(sent)
})

test('an archive that is deleted and comes back empty: requests fail, a new client works, and who waits for the recording is told', async () => {
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const archive = await AeronArchive.connect({ aeron, ...archiveOptions() })
  const channel = `aeron:udp?endpoint=127.0.0.1:${ports.ports[1]}|term-length=64k`
  await archive.startRecording(channel, STREAM_ID, { sourceLocation: SourceLocation.REMOTE })
  const publication = await aeron.addExclusivePublication(channel, STREAM_ID)
  await until('the archive to listen', () => (publication.isConnected ? true : undefined))
  for (let index = 0; index < 100; index++) await send(publication, messageOf(index, LENGTH))
  const [recording] = await archive.listRecordingsForUri(
    0n,
    1,
    `endpoint=127.0.0.1:${ports.ports[1]}`,
    STREAM_ID,
  )
  const recordingId = recording?.recordingId ?? -1n
  while ((await archive.getRecordingPosition(recordingId)) < publication.position);
  const errors: Error[] = []
  using subscription = await PersistentSubscription.create({
    aeron,
    archive: archiveOptions(),
    recordingId,
    startPosition: FROM_START,
    // Nobody publishes there: it stays with its recording.
    liveChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    liveStreamId: STREAM_ID,
    replayChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    replayStreamId: STREAM_ID + 1,
    listener: { onError: (error) => errors.push(error) },
  })
  let received = 0
  const poll = (): void => void subscription.poll(() => received++, 10)
  await until('the recording', () => {
    poll()
    return received === 100 ? true : undefined
  })
  await node.kill()
  publication.close()
  rmSync(node.archiveDirectory, { recursive: true })
  await until('the loss to be seen', () => (archive.isConnected ? undefined : true), 20_000)
  expect(() => archive.getStartPosition(recordingId)).toThrow('connect again')
  await node.restart()
  using again = await AeronArchive.connect({ aeron, ...archiveOptions() })
  expect(await again.listRecordings(0n, 10)).toEqual([])
  await until(
    'the failure',
    () => {
      poll()
      return subscription.hasFailed ? true : undefined
    },
    40_000,
  )
  expect(subscription.failureReason?.context.reason).toBe('RECORDING_NOT_FOUND')
  expect(errors.at(-1)).toBe(subscription.failureReason)
  expect(received).toBe(100)
})
