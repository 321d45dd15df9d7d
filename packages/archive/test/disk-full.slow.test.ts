import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchArchivingMediaDriver, type ArchivingMediaDriverProcess } from '@x/aeron-tooling'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AeronArchive, isArchiveError, RecordingSignal, type RecordingSignalEvent } from '@x/archive'
import { Aeron } from '@x/client'
import { codeOf, messageOf, recordingOf, send, until } from './archive-test-kit.ts'

// A file system of 24 MiB needs the right to mount one; its own command keeps the test out of the way of who has not.
const folder = mkdtempSync(join(tmpdir(), 'archive-disk-full-'))
const archiveDirectory = join(folder, 'archive')
const markDirectory = join(folder, 'mark')

let driver: ArchivingMediaDriverProcess

beforeAll(async () => {
  mkdirSync(archiveDirectory)
  mkdirSync(markDirectory)
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', archiveDirectory])
  driver = await launchArchivingMediaDriver({
    name: 'archive-disk-full',
    properties: {
      'aeron.archive.dir': archiveDirectory,
      // The mark file is mapped: on a full disk a write to it would end the archive.
      'aeron.archive.mark.file.dir': markDirectory,
      'aeron.archive.segment.file.length': '4m',
      'aeron.archive.low.storage.space.threshold': '1m',
    },
  })
})

afterAll(async () => {
  await driver?.close()
  execFileSync('umount', [archiveDirectory])
  rmSync(folder, { recursive: true, force: true })
})

test('a disk that fills up ends the recording with an error, and nothing is said to be recorded that is not', async () => {
  const errors: Error[] = []
  const signals: RecordingSignalEvent[] = []
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  using archive = await AeronArchive.connect({
    aeron,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
    errorHandler: (error) => errors.push(error),
    onRecordingSignal: (event) => signals.push(event),
  })
  const publication = await archive.addRecordedExclusivePublication('aeron:ipc', 1951)
  const { recordingId } = await recordingOf(archive, publication)
  let sent = 0
  const filling = (async () => {
    for (; errors.length === 0 && sent < 100_000; sent++) await send(publication, messageOf(sent, 10_000))
  })()
  await filling.catch(() => undefined)
  await until('the error', () => errors[0])
  expect(isArchiveError(errors[0], 'STORAGE_SPACE') || isArchiveError(errors[0], 'GENERIC')).toBe(true)
  await until('the end', () =>
    signals.some(({ signal }) => signal === RecordingSignal.STOP) ? true : undefined,
  )
  expect(await codeOf(archive.awaitRecorded(publication, publication.position, 200))).toBe('NOT_RECORDED')
  const stopPosition = await archive.getStopPosition(recordingId)
  expect(stopPosition).toBeGreaterThan(8 * 1024 * 1024)
  expect(stopPosition).toBeLessThan(24 * 1024 * 1024)

  let count = 0
  for await (const { data } of archive.replayMessages(recordingId, 'aeron:ipc', 2951)) {
    if (Buffer.compare(data, messageOf(count, 10_000)) !== 0) throw new Error(`message ${count} differs`)
    count++
  }
  expect(count).toBeGreaterThan(800)
  expect(count).toBeLessThanOrEqual(sent)
  expect(await codeOf(archive.startRecording('aeron:ipc', 1952))).toBe('STORAGE_SPACE')
  publication.close()
})
