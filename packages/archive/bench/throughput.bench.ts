// Throughput of recording and of replay, beside Java's EmbeddedRecordingThroughput and EmbeddedReplayThroughput in the same run, with the same driver
// and archive settings, channels, messages and number of rounds. The archives keep their files in memory where that is possible: a disk would be measured
// with them. Run: pnpm --filter @x/archive bench [messages] [message length in bytes]
import { launchArchivingMediaDriver, launchJava } from '@x/aeron-tooling'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import {
  AeronArchive,
  findRecordingCounterBySession,
  recordingIdOfCounter,
  RecordingSignal,
  REPLAY_ALL_AND_STOP,
} from '@x/archive'
import { Aeron, ImageFragmentAssembler } from '@x/client'
import { SleepingIdleStrategy } from '@x/idlestrategy'

const MESSAGES = Number(process.argv[2] ?? 500_000)
const LENGTH = Number(process.argv[3] ?? 256)
const ROUNDS = 5
const STREAM_ID = 1001
const REPLAY_STREAM_ID = 101
const FRAGMENT_LIMIT = 1_000
const CHANNEL = 'aeron:ipc'
const MIB = 1024 * 1024
const PAUSE_MS = 1_000
/** How long to leave the core to driver and archive when they have to come after, in nanoseconds: some kilobytes of the stream. */
const PARK_NS = 50_000
const FILES = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** The full compiler for both: tests make do with less of it. */
const JVM_FLAGS = ['-Xms256m', '-Xmx1g', '-XX:-UsePerfData']

const IDLE = 'org.agrona.concurrent.YieldingIdleStrategy'
const SETTINGS = {
  'aeron.threading.mode': 'SHARED',
  'aeron.shared.idle.strategy': IDLE,
  'aeron.ipc.term.buffer.length': '16m',
  'aeron.term.buffer.length': '16m',
  'aeron.archive.threading.mode': 'SHARED',
  'aeron.archive.idle.strategy': IDLE,
  'aeron.archive.segment.file.length': '128m',
  'aeron.archive.recording.events.enabled': 'false',
  'aeron.archive.replication.channel': 'aeron:udp?endpoint=127.0.0.1:0',
}

function report(name: string, rates: readonly number[]): void {
  const sorted = rates.toSorted((a, b) => a - b)
  const median = sorted[sorted.length >> 1] ?? 0
  const perSecond = Math.round((median * MIB) / Math.ceil((LENGTH + 32) / 32) / 32)
  const all = rates.map((rate) => rate.toFixed(0)).join(' ')
  console.log(
    `${name.padEnd(22)} ${median.toFixed(0).padStart(5)} MiB/s  ${perSecond.toLocaleString('en')} messages/s  (rounds: ${all})`,
  )
}

async function java(name: string, verb: string): Promise<void> {
  const folder = mkdtempSync(join(FILES, 'archive-bench-'))
  const aeronDirectory = join(FILES, `archive-bench-${process.pid}`)
  await using program = await launchJava(`io.aeron.samples.archive.${name}`, {
    aeronDirectory,
    temporaryPaths: [folder, aeronDirectory],
    input: true,
    jvmFlags: JVM_FLAGS,
    properties: {
      ...SETTINGS,
      'aeron.archive.dir': join(folder, 'archive'),
      'aeron.archive.control.channel': 'aeron:udp?endpoint=127.0.0.1:8010',
      'aeron.archive.control.response.channel': 'aeron:udp?endpoint=127.0.0.1:0',
      'aeron.sample.channel': CHANNEL,
      'aeron.sample.archive.replay.channel': CHANNEL,
      'aeron.sample.streamId': String(STREAM_ID),
      'aeron.sample.messages': String(MESSAGES),
      'aeron.sample.messageLength': String(LENGTH),
      'aeron.sample.frameCountLimit': String(FRAGMENT_LIMIT),
    },
  })
  const rates: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const [, rate] = await program.waitForOutput(
      new RegExp(`(?:${verb} [\\d.,]+ MB @ ([\\d.,]+) MB/s[\\s\\S]*?){${round}}`),
      120_000,
    )
    rates.push(Number(rate?.replaceAll(',', '')))
    // The sample truncates its recording, which must have ended, and does not wait for that.
    await setTimeout(PAUSE_MS)
    if (round < ROUNDS) program.write('y\n')
  }
  report(`Java ${verb.toLowerCase()}`, rates)
  rmSync(folder, { recursive: true, force: true })
}

/** Records one stream and gives its recording and MiB/s. */
function record(archive: AeronArchive): { recordingId: bigint; rate: number } {
  const { aeron } = archive
  const publication = archive.addRecordedExclusivePublication(CHANNEL, STREAM_ID).waitSync()
  const counters = aeron.countersReader
  let counterId = -1
  while (counterId < 0) {
    archive.doWork()
    counterId = findRecordingCounterBySession(counters, publication.sessionId, archive.archiveId)
  }
  const recordingId = recordingIdOfCounter(counters, counterId)
  const message = new Uint8Array(LENGTH)
  const view = new DataView(message.buffer)
  const idleStrategy = new SleepingIdleStrategy(PARK_NS)
  const startNs = process.hrtime.bigint()
  for (let index = 0; index < MESSAGES; index++) {
    view.setUint32(0, index, true)
    while (publication.offer(message, 0, LENGTH) < 0) idleStrategy.idle(archive.doWork())
  }
  const { position } = publication
  while (Number(counters.getCounterValue(counterId)) < position) idleStrategy.idle(archive.doWork())
  const rate = rateOf(position, startNs)
  archive.stopRecordingOf(publication).waitSync()
  publication.close()
  while (archive.getStopPosition(recordingId).waitSync() < 0);
  return { recordingId, rate }
}

/** Replays a recording, request and set-up included, and gives MiB/s. */
function replay(archive: AeronArchive, recordingId: bigint): number {
  const startNs = process.hrtime.bigint()
  const subscription = archive
    .replay(recordingId, CHANNEL, REPLAY_STREAM_ID, { position: 0, length: REPLAY_ALL_AND_STOP })
    .waitSync()
  let image = subscription.imageAtIndex(0)
  while (image === undefined) {
    archive.doWork()
    image = subscription.imageAtIndex(0)
  }
  let count = 0
  const idleStrategy = new SleepingIdleStrategy(PARK_NS)
  const assembler = new ImageFragmentAssembler((buffer, offset) => {
    if (buffer.getUint32(offset) !== count) throw new Error(`Cannot go on: message ${count} is missing`)
    count++
  })
  while (count < MESSAGES) {
    if (image.poll(assembler.onFragment, FRAGMENT_LIMIT) === 0) idleStrategy.idle(archive.doWork())
  }
  const rate = rateOf(image.position, startNs)
  subscription.close()
  return rate
}

/** Frees the room of a recording, as Java's samples do. */
function purge(archive: AeronArchive, recordingId: bigint): void {
  const purging = archive.purgeRecording(recordingId)
  purging.waitSync()
  archive.awaitSignal({ signal: RecordingSignal.DELETE, correlationId: purging.correlationId }).waitSync()
}

function rateOf(byteCount: number, startNs: bigint): number {
  return byteCount / MIB / (Number(process.hrtime.bigint() - startNs) / 1e9)
}

async function typescript(): Promise<void> {
  const folder = mkdtempSync(join(FILES, 'archive-bench-'))
  await using driver = await launchArchivingMediaDriver({
    name: 'archive-bench',
    jvmFlags: JVM_FLAGS,
    properties: { ...SETTINGS, 'aeron.archive.dir': folder },
  })
  const aeron = Aeron.connectSync({
    aeronDirectory: driver.aeronDirectory,
    useConductorAgentInvoker: true,
  })
  const archive = AeronArchive.connectSync({
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
  const recorded: number[] = []
  const replayed: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { recordingId, rate } = record(archive)
    recorded.push(rate)
    replayed.push(replay(archive, recordingId))
    purge(archive, recordingId)
  }
  report('TypeScript recorded', recorded)
  report('TypeScript replayed', replayed)
  archive.close()
  aeron.close()
  await driver.close()
  rmSync(folder, { recursive: true, force: true })
}

console.log(
  `${MESSAGES.toLocaleString('en')} messages of ${LENGTH} bytes, ${ROUNDS} rounds, median; Node.js ${process.version}, ${cpus().length} x ${cpus()[0]?.model}`,
)
await java('EmbeddedRecordingThroughput', 'Recorded')
await java('EmbeddedReplayThroughput', 'Replayed')
await typescript()
