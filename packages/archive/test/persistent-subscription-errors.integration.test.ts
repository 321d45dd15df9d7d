import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { launchArchivingMediaDriver, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { AeronArchive, FROM_START, PersistentSubscription } from '@x/archive'
import { Aeron, type AeronOptions } from '@x/client'
import { awaitRecorded, messageOf, recordingOf, send, until } from './archive-test-kit.ts'

const STREAM_ID = 1401
const LENGTH = 1000
const COUNT = 10

let driver: ArchivingMediaDriverProcess

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({
    name: 'persistent-subscription-errors-test',
    fastTimeouts: true,
    properties: { 'aeron.spies.simulate.connection': 'true' },
  })
})

afterEach(() => vi.restoreAllMocks())
afterAll(() => driver.close())

/** A client of which something goes wrong, and nobody is told, whenever a stream appears. */
function faultyOptions(options: AeronOptions): AeronOptions {
  return {
    ...options,
    aeronDirectory: driver.aeronDirectory,
    availableImageHandler: () => {
      throw new Error('injected')
    },
  }
}

for (const [name, isGiven] of [
  ['its own Aeron client', false],
  ['a given Aeron client without an error handler', true],
] as const) {
  test(`errors that nobody waits for, of ${name}, are reported and do not end it`, async () => {
    using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
    using archive = await AeronArchive.connect({
      aeron,
      controlRequestChannel: driver.localControlChannel,
      controlResponseChannel: 'aeron:ipc',
    })
    const publication = await archive.addRecordedExclusivePublication('aeron:ipc', STREAM_ID)
    const { counterId, recordingId } = await recordingOf(archive, publication)
    const publish = async (first: number): Promise<void> => {
      for (let index = first; index < first + COUNT; index++)
        await send(publication, messageOf(index, LENGTH))
      await awaitRecorded(aeron, counterId, publication.position)
    }
    await publish(0)

    const connect = Aeron.connect.bind(Aeron)
    using given = isGiven ? await connect(faultyOptions({})) : undefined
    vi.spyOn(Aeron, 'connect').mockImplementation((options = {}) => connect(faultyOptions(options)))
    const errors: Error[] = []
    using subscription = await PersistentSubscription.create({
      ...(given !== undefined && { aeron: given }),
      archive: { controlRequestChannel: driver.localControlChannel, controlResponseChannel: 'aeron:ipc' },
      recordingId,
      startPosition: FROM_START,
      liveChannel: 'aeron:ipc',
      liveStreamId: STREAM_ID,
      replayChannel: 'aeron:ipc',
      replayStreamId: STREAM_ID + 1,
      listener: { onError: (error) => errors.push(error) },
    })
    const messages: Uint8Array[] = []
    const isThere = (look: () => boolean): true | undefined => {
      subscription.poll((buffer, offset, length) => {
        messages.push(Buffer.from(buffer.bytes.subarray(offset, offset + length)))
      }, 10)
      if (subscription.failureReason !== undefined) throw subscription.failureReason
      return look() || undefined
    }
    await until('the live stream', () => isThere(() => subscription.isLive))
    await publish(COUNT)
    await until('the messages', () => isThere(() => messages.length >= 2 * COUNT))
    expect(messages).toEqual(Array.from({ length: 2 * COUNT }, (_, index) => messageOf(index, LENGTH)))
    expect(errors.map((error) => (isGiven ? error.cause : error))).toContainEqual(new Error('injected'))
    await send(publication, messageOf(0, LENGTH))
    const thrown = new Error('of the handler')
    const throwing = (): void => {
      throw thrown
    }
    await until('an error of the handler', () => {
      try {
        subscription.poll(throwing, 10)
        return undefined
      } catch (error) {
        return error === thrown || undefined
      }
    })
    expect(errors).not.toContain(thrown)
    publication.close()
  })
}
