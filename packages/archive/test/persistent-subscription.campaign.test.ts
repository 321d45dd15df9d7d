import { launchArchivingMediaDriver, reservePorts, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { expect, test } from 'vitest'
import { AeronArchive, FROM_START, PersistentSubscription } from '@x/archive'
import { Action, Aeron, ChannelUri, type ExclusivePublication } from '@x/client'
import { awaitEnd, messageOf, recordingOf, until } from './archive-test-kit.ts'

// A persistent subscription through everything that may happen to its streams, drawn by a seed: CAMPAIGN_SEED repeats one, CAMPAIGN_MINUTES says how long.

const STREAM_ID = 1471
const REPLAY_STREAM_ID = 2471
const TERM_LENGTH = 64 * 1024
const ACTIONS_PER_SEED = 25
const PATIENCE_MS = 60_000

/** Numbers from 0 up to below a limit that look random and are the same for the same seed: xorshift. */
function numbersOf(seed: number): (limit: number) => number {
  let state = seed | 0 || 1
  return (limit) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % limit
  }
}

function message(index: number): Uint8Array {
  return messageOf(index, 1 + ((index * 7919) % 4000))
}

/** One stream, its recording and its persistent subscriber, and what may happen to them. */
class Campaign {
  readonly #driver: ArchivingMediaDriverProcess
  readonly #archive: AeronArchive
  readonly #control: string
  readonly #pick: (limit: number) => number
  readonly #recording: { counterId: number; readonly recordingId: bigint }
  #publication: ExclusivePublication
  #subscription: PersistentSubscription
  #sent = 0
  #received = 0

  private constructor(
    driver: ArchivingMediaDriverProcess,
    archive: AeronArchive,
    control: string,
    pick: (limit: number) => number,
    publication: ExclusivePublication,
    recording: { counterId: number; readonly recordingId: bigint },
  ) {
    this.#driver = driver
    this.#archive = archive
    this.#control = control
    this.#pick = pick
    this.#publication = publication
    this.#recording = recording
    this.#subscription = this.#subscribe(FROM_START)
  }

  static async start(
    driver: ArchivingMediaDriverProcess,
    archive: AeronArchive,
    control: string,
    seed: number,
  ): Promise<Campaign> {
    const channel = `aeron:udp?${control}|term-length=${TERM_LENGTH}|fc=max`
    const publication = await archive.addRecordedExclusivePublication(channel, STREAM_ID)
    const recording = await recordingOf(archive, publication)
    return new Campaign(driver, archive, control, numbersOf(seed), publication, recording)
  }

  get received(): number {
    return this.#received
  }

  async act(): Promise<string> {
    const actions: readonly (readonly [string, () => Promise<void> | void])[] = [
      ['publish', async () => this.#publish(1 + this.#pick(200))],
      ['publish unread', () => this.#publishUnread()],
      ['stop replays', async () => this.#stopReplays()],
      ['new publisher', async () => this.#replacePublisher()],
      ['new subscriber', async () => this.#replaceSubscriber()],
      ['drain', async () => this.#drain()],
    ]
    const [name, act] = actions[this.#pick(actions.length)] ?? ['nothing', () => undefined]
    await act()
    return name
  }

  async end(): Promise<void> {
    await this.#drain()
    this.#subscription.close()
    this.#publication.close()
    await awaitEnd(this.#archive, this.#recording.counterId, this.#recording.recordingId)
  }

  #subscribe(startPosition: number): PersistentSubscription {
    const replayChannels = ['aeron:udp?endpoint=127.0.0.1:0', 'aeron:ipc', 'aeron:ipc?control-mode=response']
    return PersistentSubscription.createSync({
      aeron: this.#archive.aeron,
      archive: {
        controlRequestChannel: this.#driver.localControlChannel,
        controlResponseChannel: 'aeron:ipc',
      },
      recordingId: this.#recording.recordingId,
      startPosition,
      liveChannel: `aeron:udp?endpoint=127.0.0.1:0|${this.#control}`,
      liveStreamId: STREAM_ID,
      replayChannel: replayChannels[this.#pick(replayChannels.length)] ?? '',
      replayStreamId: REPLAY_STREAM_ID,
    })
  }

  /** A few turns of the subscriber; each message must be the next one. */
  #poll(turns: number): void {
    for (let turn = 0; turn < turns; turn++) {
      this.#subscription.controlledPoll(
        (buffer, offset, length) => {
          if (this.#pick(20) === 0) return Action.ABORT
          const expected = message(this.#received)
          if (Buffer.compare(buffer.bytes.subarray(offset, offset + length), expected) !== 0) {
            throw new Error(`Cannot go on: message ${this.#received} of ${this.#sent} differs`)
          }
          this.#received++
          return [Action.CONTINUE, Action.COMMIT, Action.BREAK][this.#pick(3)] ?? Action.CONTINUE
        },
        1 + this.#pick(20),
      )
    }
    const { failureReason } = this.#subscription
    if (failureReason !== undefined) throw failureReason
  }

  async #publish(count: number): Promise<void> {
    for (let end = this.#sent + count; this.#sent < end; this.#sent++) {
      const bytes = message(this.#sent)
      await until('an offer', () => {
        if (this.#publication.offer(bytes) > 0) return true
        // A subscriber that does not read stops the stream.
        this.#poll(1)
        return undefined
      })
      this.#poll(this.#pick(4))
    }
  }

  // As much as the stream takes while nobody reads it.
  #publishUnread(): void {
    for (let count = this.#pick(100); count > 0; count--) {
      if (this.#publication.offer(message(this.#sent)) < 0) return
      this.#sent++
    }
  }

  async #stopReplays(): Promise<void> {
    this.#poll(this.#pick(50))
    await this.#archive.stopAllReplays(this.#recording.recordingId)
  }

  async #replacePublisher(): Promise<void> {
    const { recordingId } = this.#recording
    const { position } = this.#publication
    this.#publication.close()
    await awaitEnd(this.#archive, this.#recording.counterId, recordingId)
    // What the archive did not get is lost for everybody.
    const stopPosition = await this.#archive.getStopPosition(recordingId)
    if (stopPosition !== position) throw new Error(`Cannot go on: ${stopPosition} of ${position} is recorded`)
    this.#poll(this.#pick(200))
    const { initialTermId = 0 } = (await this.#archive.listRecording(recordingId)) ?? {}
    const channel = ChannelUri.parse(`aeron:udp?${this.#control}|term-length=${TERM_LENGTH}|fc=max`)
      .put('init-term-id', String(initialTermId))
      .put('term-id', String((initialTermId + Math.floor(position / TERM_LENGTH)) | 0))
      .put('term-offset', String(position % TERM_LENGTH))
    this.#publication = await this.#archive.aeron.addExclusivePublication(channel.toString(), STREAM_ID)
    const session = channel.put('session-id', String(this.#publication.sessionId)).toString()
    await this.#archive.extendRecording(recordingId, session, STREAM_ID)
    this.#recording.counterId = (await recordingOf(this.#archive, this.#publication)).counterId
  }

  async #replaceSubscriber(): Promise<void> {
    this.#poll(this.#pick(50))
    const { position } = this.#subscription
    this.#subscription.close()
    this.#subscription = this.#subscribe(position)
    await this.#publish(this.#pick(20))
  }

  async #drain(): Promise<void> {
    await until(
      'all messages',
      () => {
        this.#poll(10)
        return this.#received === this.#sent ? true : undefined
      },
      PATIENCE_MS,
    ).catch((error: unknown) => {
      const { state } = this.#subscription
      throw new Error(`Cannot get all: ${this.#received} of ${this.#sent} in state ${state}`, {
        cause: error,
      })
    })
  }
}

test('a persistent subscription gives each message once and in order, whatever happens to its streams', async () => {
  const endMs = performance.now() + Number(process.env['CAMPAIGN_MINUTES'] ?? 1) * 60_000
  await using driver = await launchArchivingMediaDriver({
    name: 'persistent-campaign',
    fastTimeouts: true,
    properties: { 'aeron.archive.segment.file.length': '128k', 'aeron.spies.simulate.connection': 'true' },
  })
  let seed = Number(process.env['CAMPAIGN_SEED'] ?? Date.now() % 1_000_000)
  let messages = 0
  let seeds = 0
  do {
    using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
    using archive = await AeronArchive.connect({
      aeron,
      controlRequestChannel: driver.localControlChannel,
      controlResponseChannel: 'aeron:ipc',
    })
    // Of its own: for seconds after its end a stream is still sent to whoever subscribes where it was.
    const ports = await reservePorts(1)
    const done: string[] = []
    try {
      const control = `control=127.0.0.1:${ports.ports[0]}|control-mode=dynamic`
      const campaign = await Campaign.start(driver, archive, control, seed)
      for (let action = 0; action < ACTIONS_PER_SEED; action++) done.push(await campaign.act())
      await campaign.end()
      messages += campaign.received
    } catch (error) {
      throw new Error(`CAMPAIGN_SEED=${seed} after: ${done.join(', ')}`, { cause: error })
    } finally {
      ports.release()
    }
    seeds++
    seed++
  } while (performance.now() < endMs)
  process.stdout.write(
    `persistent subscription: ${seeds} seeds, ${messages} messages, each once and in order\n`,
  )
  expect(messages).toBeGreaterThan(0)
})
