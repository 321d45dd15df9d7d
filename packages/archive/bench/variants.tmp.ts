import { launchArchivingMediaDriver } from '@x/aeron-tooling'
import {
  AeronArchive,
  findRecordingCounterBySession,
  recordingIdOfCounter,
  REPLAY_ALL_AND_STOP,
  RecordingSignal,
} from '@x/archive'
import { Aeron, ImageFragmentAssembler } from '@x/client'
import {
  BackoffIdleStrategy,
  YieldingIdleStrategy,
  NoOpIdleStrategy,
  SleepingIdleStrategy,
} from '@x/idlestrategy'
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
const MIB = 1024 * 1024
const strategies = {
  noop: () => new NoOpIdleStrategy(),
  yield: () => new YieldingIdleStrategy(),
  sleep: () => new SleepingIdleStrategy(50_000),
  backoff: () => new BackoffIdleStrategy(),
}
await using driver = await launchArchivingMediaDriver({ name: 'archive-bench', properties: SETTINGS })
const aeron = Aeron.connectSync({ aeronDirectory: driver.aeronDirectory, useConductorAgentInvoker: true })
const archive = AeronArchive.connectSync({
  aeron,
  controlRequestChannel: driver.localControlChannel,
  controlResponseChannel: 'aeron:ipc',
})
for (const LENGTH of [256, 1024])
  for (const [name, make] of Object.entries(strategies)) {
    const recs = [],
      reps = []
    let bp = 0
    for (let round = 0; round < 4; round++) {
      const MESSAGES = 500_000
      const idle = make()
      const publication = archive.addRecordedExclusivePublication('aeron:ipc', 1001).waitSync()
      const counters = aeron.countersReader
      let counterId = -1
      while (counterId < 0) {
        archive.doWork()
        counterId = findRecordingCounterBySession(counters, publication.sessionId, archive.archiveId)
      }
      const recordingId = recordingIdOfCounter(counters, counterId)
      const message = new Uint8Array(LENGTH)
      const view = new DataView(message.buffer)
      let startNs = process.hrtime.bigint()
      for (let index = 0; index < MESSAGES; index++) {
        view.setUint32(0, index, true)
        while (publication.offer(message, 0, LENGTH) < 0) {
          bp++
          idle.idle(archive.doWork())
        }
        idle.reset()
      }
      const { position } = publication
      while (Number(counters.getCounterValue(counterId)) < position) idle.idle(archive.doWork())
      recs.push(position / MIB / (Number(process.hrtime.bigint() - startNs) / 1e9))
      archive.stopRecordingOf(publication).waitSync()
      publication.close()
      while (archive.getStopPosition(recordingId).waitSync() < 0);
      startNs = process.hrtime.bigint()
      const subscription = archive
        .replay(recordingId, 'aeron:ipc', 101, { position: 0, length: REPLAY_ALL_AND_STOP })
        .waitSync()
      let image = subscription.imageAtIndex(0)
      while (image === undefined) {
        archive.doWork()
        image = subscription.imageAtIndex(0)
      }
      let count = 0
      const assembler = new ImageFragmentAssembler((buffer, offset) => {
        if (buffer.getUint32(offset) !== count) throw new Error('x')
        count++
      })
      while (count < MESSAGES) {
        const f = image.poll(assembler.onFragment, 1000)
        if (f === 0) idle.idle(archive.doWork())
        else idle.reset()
      }
      reps.push(image.position / MIB / (Number(process.hrtime.bigint() - startNs) / 1e9))
      subscription.close()
      const purging = archive.purgeRecording(recordingId)
      purging.waitSync()
      archive.awaitSignal({ signal: RecordingSignal.DELETE, correlationId: purging.correlationId }).waitSync()
    }
    console.log(
      LENGTH,
      name,
      'recorded',
      recs.map((r) => r.toFixed(0)).join(' '),
      'replayed',
      reps.map((r) => r.toFixed(0)).join(' '),
      'bp',
      bp,
    )
  }
archive.close()
aeron.close()
