import { launchArchivingMediaDriver, type ArchivingMediaDriverProcess, runJava } from '@x/aeron-tooling'
import { AeronArchive, nameOf, readArchiveMarkFile, readCatalog, RecordingState } from '@x/archive'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordingOf, recordMessages, send, until } from './archive-test-kit.ts'

let driver: ArchivingMediaDriverProcess
let archive: AeronArchive

beforeAll(async () => {
  driver = await launchArchivingMediaDriver({ name: 'archive-files-test' })
  archive = await AeronArchive.connect({
    aeronDirectory: driver.aeronDirectory,
    controlRequestChannel: driver.localControlChannel,
    controlResponseChannel: 'aeron:ipc',
  })
})

afterAll(async () => {
  archive?.close()
  await driver?.close()
})

async function archiveTool(...args: readonly string[]): Promise<string> {
  return (await runJava('io.aeron.archive.ArchiveTool', { args: [driver.archiveDirectory, ...args] })).output
}

test('the catalog on the disk is what the archive lists, with what it does not list any more', async () => {
  const kept = await recordMessages(archive, 'aeron:ipc', 1010, 5, 100)
  const purged = await recordMessages(archive, 'aeron:ipc?alias=purged', 1020, 5, 100)
  await recordMessages(archive, 'aeron:ipc', 1030, 5, 100)
  expect(await archive.purgeRecording(purged.recordingId)).toBe(1n)
  using publication = await archive.addRecordedExclusivePublication('aeron:ipc', 1040)
  await recordingOf(archive, publication)

  const { recordings, nextRecordingId, capacity, version } = readCatalog(driver.archiveDirectory)
  const valid = recordings.filter(({ state }) => state === RecordingState.VALID)
  const listed = await archive.listRecordings(0n, 100)
  expect(valid).toEqual(listed.map((descriptor) => ({ ...descriptor, state: RecordingState.VALID })))
  expect(listed.map(({ streamId, stopPosition }) => [streamId, stopPosition < 0])).toEqual([
    [1010, false],
    [1030, false],
    [publication.streamId, true],
  ])
  expect(recordings.map(({ recordingId }) => recordingId)).toEqual([0n, 1n, 2n, 3n])
  expect(recordings[1]?.originalChannel).toContain('alias=purged')
  expect(nextRecordingId).toBe(4n)
  expect(kept.recordingId).toBe(0n)

  const theirs = await archiveTool('describe-all')
  expect(theirs).toContain(`Catalog capacity in bytes: ${capacity}`)
  const states = [...theirs.matchAll(/recordingId=(\d+).*\|(\w+)$/gm)].map(
    ([, id, state]) => `${id} ${state}`,
  )
  expect(states).toHaveLength(4)
  expect(
    recordings.map(({ recordingId, state }) => `${recordingId} ${nameOf(RecordingState, state ?? -1)}`),
  ).toEqual(states)
  expect(version).toMatch(/^\d+\.\d+\.\d+$/)
})

test('the mark file says who the archive is, when it was last alive and which errors it has logged', async () => {
  // What is no request is an error of the archive.
  const { aeron } = archive
  using stranger = await aeron.addExclusivePublication(driver.localControlChannel, driver.controlStreamId)
  await send(stranger, Buffer.alloc(100, 'x'))
  const markFile = await until('an error in the log', () => {
    const read = readArchiveMarkFile(driver.archiveDirectory)
    return read.errors.length > 0 ? read : undefined
  })
  expect(markFile.errors).toMatchObject([{ observationCount: 1 }])
  expect(markFile.errors[0]?.encodedError).toContain('expected schemaId=101')
  expect(markFile).toMatchObject({
    pid: driver.pid,
    archiveId: archive.archiveId,
    controlChannel: driver.controlChannel,
    controlStreamId: driver.controlStreamId,
    aeronDirectory: driver.aeronDirectory,
  })
  expect(Number(await archiveTool('pid'))).toBe(markFile.pid)
  expect(markFile.startTimestamp).toBeLessThanOrEqual(markFile.activityTimestamp)
  const errors = await archiveTool('errors')
  const own = errors.slice(0, errors.indexOf('Aeron driver error log'))
  expect(own).toContain(`${markFile.errors.length} distinct errors observed`)
  for (const { encodedError } of markFile.errors) expect(own).toContain(encodedError)

  await driver.kill('SIGTERM')
  expect(readArchiveMarkFile(driver.archiveDirectory).activityTimestamp).toBe(-1n)
  expect(readCatalog(driver.archiveDirectory).recordings.at(-1)?.stopPosition).toBeGreaterThanOrEqual(0)
  expect(() => readCatalog('/nowhere')).toThrow(/ENOENT.*archive\.catalog/)
})
