import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  aeronJar,
  launchArchivingMediaDriver,
  launchJava,
  launchMediaDriver,
  readCounters,
  readDriverState,
  runJava,
} from '../src/index.ts'
import type { MediaDriverProcess } from '../src/index.ts'
import { launchFailure } from './launch-failure.ts'

const CLIENT_LIVENESS_TIMEOUT_OFFSET = 24

let driver: MediaDriverProcess

beforeAll(async () => {
  await aeronJar({ onProgress: (message) => console.log(message) })
  driver = await launchMediaDriver()
})

afterAll(async () => {
  await driver.close()
})

test('aeronJar() fetches the pinned release twice at once', async () => {
  const cache = mkdtempSync(join(tmpdir(), 'aeron-cache-'))
  onTestFinished(() => rmSync(cache, { recursive: true }))
  const environment = { ...process.env, XDG_CACHE_HOME: cache, AERON_JAR: '' }
  const [first, second] = await Promise.all([aeronJar({ environment }), aeronJar({ environment })])
  expect(second).toBe(first)
  expect(existsSync(first)).toBe(true)
})

test('launchMediaDriver() is back when the driver is alive', () => {
  const state = readDriverState(driver.aeronDirectory)
  expect(state?.pid).toBe(driver.pid)
  expect(Math.abs(Date.now() - (state?.heartbeatMs ?? 0))).toBeLessThan(30_000)
  expect(readCounters(driver.aeronDirectory)[0]?.label).toBe('Bytes sent')
})

test('launchMediaDriver() keeps drivers apart, and leaves nothing behind', async () => {
  const other = await launchMediaDriver()
  expect(other.aeronDirectory).not.toBe(driver.aeronDirectory)
  const { aeronDirectory, runDirectory } = other
  await other.close()
  await other.close()
  expect(existsSync(aeronDirectory)).toBe(false)
  expect(existsSync(runDirectory)).toBe(false)
})

test('launchMediaDriver() sets fast timeouts when asked, and properties win over them', async () => {
  const livenessNs = ({ aeronDirectory }: MediaDriverProcess): bigint =>
    readFileSync(join(aeronDirectory, 'cnc.dat')).readBigInt64LE(CLIENT_LIVENESS_TIMEOUT_OFFSET)
  await using fast = await launchMediaDriver({ fastTimeouts: true })
  expect(livenessNs(fast)).toBe(4_000_000_000n)
  const properties = { 'aeron.client.liveness.timeout': '3s' }
  await using faster = await launchMediaDriver({ fastTimeouts: true, properties })
  expect(livenessNs(faster)).toBe(3_000_000_000n)
})

test('launchMediaDriver() shows the log of a driver that does not start, and keeps it', async () => {
  const launch = launchMediaDriver({ properties: { 'aeron.term.buffer.length': '3' } })
  const { error, logPath } = await launchFailure(launch)
  expect(error.code).toBe('PROCESS_EXITED')
  expect(error.message).toMatch(/Cannot start media-driver: media-driver ended with code 1/)
  expect(error.message).toMatch(/Term length less than min length/)
  expect(readFileSync(logPath, 'utf8')).toMatch(/Term length less than min length/)
})

test('launchMediaDriver() fails at its deadline', async () => {
  const { error } = await launchFailure(launchMediaDriver({ startTimeoutMs: 1 }))
  expect(error.code).toBe('TIMED_OUT')
})

test('close() of a driver that has crashed says so', async () => {
  const other = await launchMediaDriver()
  const { aeronDirectory, runDirectory } = other
  onTestFinished(() => rmSync(runDirectory, { recursive: true }))
  process.kill(other.pid, 'SIGKILL')
  await other.exited
  await expect(other.close()).rejects.toMatchObject({ code: 'PROCESS_EXITED' })
  expect(existsSync(aeronDirectory)).toBe(false)
})

test('kill() and restart() bring a driver back in the same folder', async () => {
  await using other = await launchMediaDriver()
  const firstPid = other.pid
  expect(() => other.announceEnd()).toThrow(TypeError)
  expect(await other.kill()).toEqual({ code: null, signal: 'SIGKILL' })
  expect(readDriverState(other.aeronDirectory)?.heartbeatMs).toBeGreaterThan(0)
  other.announceEnd()
  expect(readDriverState(other.aeronDirectory)?.heartbeatMs).toBe(-1)
  await other.restart()
  expect(other.pid).not.toBe(firstPid)
  expect(readDriverState(other.aeronDirectory)?.pid).toBe(other.pid)
})

test('runJava() runs a tool to its end: AeronStat prints the counters of the driver', async () => {
  const { aeronDirectory } = driver
  const stat = await runJava('io.aeron.samples.AeronStat', { aeronDirectory, args: ['watch=false'] })
  expect(stat.code).toBe(0)
  expect(stat.output).toMatch(new RegExp(`pid ${driver.pid}, heartbeat age`))
})

test('launchJava() runs samples against each other', async () => {
  const { aeronDirectory } = driver
  const properties = { 'aeron.sample.channel': 'aeron:ipc', 'aeron.sample.messages': '3' }
  await using subscriber = await launchJava('io.aeron.samples.BasicSubscriber', {
    aeronDirectory,
    properties,
  })
  await subscriber.waitForOutput(/Subscribing to aeron:ipc/)
  await using publisher = await launchJava('io.aeron.samples.BasicPublisher', { aeronDirectory, properties })
  await subscriber.waitForOutput(/Hello World! 0/)
  await expect(subscriber.waitForOutput(/never/, 1)).rejects.toThrow(/Hello World! 0/)
  await publisher.kill()
})

test('launchJava() passes input on', async () => {
  const { aeronDirectory } = driver
  const properties = { 'aeron.sample.channel': 'aeron:ipc', 'aeron.sample.messages': '10' }
  await using subscriber = await launchJava('io.aeron.samples.BasicSubscriber', {
    aeronDirectory,
    properties,
  })
  await subscriber.waitForOutput(/Subscribing to aeron:ipc/)
  await using publisher = await launchJava('io.aeron.samples.StreamingPublisher', {
    aeronDirectory,
    properties: { ...properties, 'aeron.sample.lingerTimeout': '0' },
    input: true,
  })
  await publisher.waitForOutput(/Execute again\?/)
  publisher.write('n\n')
  expect(await publisher.waitForExit()).toEqual({ code: 0, signal: null })
})

test('launchArchivingMediaDriver() is back when the archive listens', async () => {
  await using archive = await launchArchivingMediaDriver()
  await using sample = await launchJava('io.aeron.samples.archive.RecordedBasicPublisher', {
    aeronDirectory: archive.aeronDirectory,
    properties: {
      'aeron.archive.control.channel': archive.controlChannel,
      'aeron.archive.control.response.channel': 'aeron:udp?endpoint=127.0.0.1:0',
      'aeron.sample.channel': 'aeron:ipc',
      'aeron.sample.messages': '1',
    },
  })
  await sample.waitForOutput(/Done sending/)
  await sample.close()
  const tool = await runJava('io.aeron.archive.ArchiveTool', { args: [archive.archiveDirectory, 'describe'] })
  expect(tool.output).toMatch(/aeron:ipc/)
})

test('restart() of a killed archive is not refused for its mark file, which is still young', async () => {
  await using archive = await launchArchivingMediaDriver()
  await archive.kill()
  await archive.restart()
  expect(archive.exit).toBeUndefined()
})
