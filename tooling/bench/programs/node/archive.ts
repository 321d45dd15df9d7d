// Records a stream and replays it, some times, each from the request to the last byte. A shorter one before that warms up.
// Parameters: dir, control (channel of the archive), channel, stream, length, messages, warmupMessages, times, idle.
import {
  AeronArchive,
  findRecordingCounterBySession,
  recordingIdOfCounter,
  REPLAY_ALL_AND_STOP,
} from '@x/archive'
import { AtomicBuffer } from '@x/atomic'
import { ImageFragmentAssembler } from '@x/client'
import { idleStrategyByName } from '@x/idlestrategy'
import { SpinningClient } from './lib/client.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

const FRAGMENT_LIMIT = 256
const channel = params.text('channel')
const stream = params.number('stream')
const length = params.number('length')
const idle = idleStrategyByName(params.text('idle'))

/** What to do between two turns of a loop that waits for the archive. */
function wait(archive: AeronArchive): void {
  idle.idle(archive.doWork())
}

interface Recording {
  readonly recordingId: bigint
  readonly seconds: number
}

function record(archive: AeronArchive, messages: number): Recording {
  const publication = archive.addRecordedExclusivePublication(channel, stream).waitSync()
  const counters = archive.aeron.countersReader
  let counterId = -1
  while (counterId < 0) {
    wait(archive)
    counterId = findRecordingCounterBySession(counters, publication.sessionId, archive.archiveId)
  }
  const recordingId = recordingIdOfCounter(counters, counterId)
  const buffer = AtomicBuffer.allocate(length)
  const startMs = performance.now()
  for (let i = 0; i < messages; i++) {
    buffer.putInt32(0, i)
    while (publication.offer(buffer, 0, length) < 0) wait(archive)
    idle.reset()
  }
  const { position } = publication
  while (Number(counters.getCounterValue(counterId)) < position) wait(archive)
  const seconds = (performance.now() - startMs) / 1_000
  publication.close()
  while (archive.getStopPosition(recordingId).waitSync() < 0);
  return { recordingId, seconds }
}

/** Gives how many seconds it took. */
function replay(archive: AeronArchive, recordingId: bigint, messages: number): number {
  const startMs = performance.now()
  const subscription = archive
    .replay(recordingId, channel, stream + 1, { position: 0, length: REPLAY_ALL_AND_STOP })
    .waitSync()
  let image = subscription.imageAtIndex(0)
  while (image === undefined) {
    wait(archive)
    image = subscription.imageAtIndex(0)
  }
  let count = 0
  const assembler = new ImageFragmentAssembler((buffer, offset) => {
    if (buffer.getInt32(offset) !== count) throw new Error(`Cannot go on: message ${count} is missing`)
    count++
  })
  while (count < messages) {
    if (image.poll(assembler.onFragment, FRAGMENT_LIMIT) === 0) wait(archive)
    else idle.reset()
  }
  const seconds = (performance.now() - startMs) / 1_000
  subscription.close()
  return seconds
}

using client = new SpinningClient()
const archive = AeronArchive.connectSync({
  aeron: client.aeron,
  controlRequestChannel: params.text('control'),
  controlResponseChannel: params.text('control'),
})
const warmupMessages = params.number('warmupMessages')
replay(archive, record(archive, warmupMessages).recordingId, warmupMessages)
const messages = params.number('messages')
const times = params.number('times')
let recordSeconds = 0
let replaySeconds = 0
for (let i = 0; i < times; i++) {
  const { recordingId, seconds } = record(archive, messages)
  recordSeconds += seconds
  replaySeconds += replay(archive, recordingId, messages)
}
archive.close()
const bytes = times * messages * length
printSample({
  recordBytesPerSecond: bytes / recordSeconds,
  replayBytesPerSecond: bytes / replaySeconds,
})
