import { mkdirSync, mkdtempSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DistinctErrorLog } from '@x/atomic/status'
import { MarkFileHeaderDecoder, MessageHeaderDecoder } from '@x/codecs/cluster-mark'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isClusterError } from '../cluster-error.ts'
import {
  ClusterMarkFile,
  linkFileName,
  markFileName,
  type ClusterMarkFileOptions,
} from './cluster-mark-file.ts'

const NOW_MS = 1_700_000_000_000
const ERROR_BUFFER_LENGTH = 1024 * 1024

let directory: string
let nowMs: number

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mark-file-'))
  nowMs = NOW_MS
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function options(overrides: Partial<ClusterMarkFileOptions> = {}): ClusterMarkFileOptions {
  return {
    clusterDirectory: directory,
    markFileDirectory: directory,
    clusterId: 3,
    serviceId: 1,
    serviceName: 'clustered-service-3-1',
    aeronDirectory: '/dev/shm/aeron-test',
    controlChannel: 'aeron:ipc?term-length=128k',
    serviceStreamId: 104,
    consensusModuleStreamId: 105,
    archiveStreamId: 10,
    errorBufferLength: ERROR_BUFFER_LENGTH,
    epochClock: { timeMs: () => nowMs },
    ...overrides,
  }
}

function codeOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return isClusterError(error, 'ACTIVE_MARK_FILE') || isClusterError(error, 'MARK_FILE_INVALID')
      ? error.code
      : error
  }
  return 'none'
}

function bytesOf(): Uint8Array {
  return new Uint8Array(readFileSync(join(directory, markFileName(1))))
}

function decoded(): MarkFileHeaderDecoder {
  return new MarkFileHeaderDecoder().wrapAndApplyHeader(bytesOf(), 0, new MessageHeaderDecoder())
}

test('ClusterMarkFile.open() writes what the generated codec reads', () => {
  using markFile = ClusterMarkFile.open(options())
  markFile.signalReady()
  const header = decoded()
  expect(bytesOf().length).toBe(1_056_768)
  expect(header.version).toBe(0x000300)
  expect(header.componentType).toBe(2)
  expect(header.activityTimestamp).toBe(BigInt(NOW_MS))
  expect(header.startTimestamp).toBe(BigInt(NOW_MS))
  expect(header.pid).toBe(BigInt(process.pid))
  expect(header.candidateTermId).toBe(-1n)
  expect(header.archiveStreamId).toBe(10)
  expect(header.serviceStreamId).toBe(104)
  expect(header.consensusModuleStreamId).toBe(105)
  expect(header.ingressStreamId).toBe(-1)
  expect(header.memberId).toBe(-1)
  expect(header.serviceId).toBe(1)
  expect(header.headerLength).toBe(8192)
  expect(header.errorBufferLength).toBe(ERROR_BUFFER_LENGTH)
  expect(header.clusterId).toBe(3)
  expect(header.aeronDirectory).toBe('/dev/shm/aeron-test')
  expect(header.controlChannel).toBe('aeron:ipc?term-length=128k')
  expect(header.ingressChannel).toBe('')
  expect(header.serviceName).toBe('clustered-service-3-1')
  expect(header.authenticator).toBe('')
  expect(header.servicesClusterDir).toBe('')
})

test('ClusterMarkFile has the bytes of a real one after termination', () => {
  const markFile = ClusterMarkFile.open(options({ clusterId: 0, serviceId: 1 }))
  markFile.signalReady()
  markFile.signalTerminated()
  markFile.close()
  const hex = Buffer.from(bytesOf().subarray(0, 24)).toString('hex')
  expect(hex).toBe('8000c8006e00020000030000' + '02000000' + 'ffffffffffffffff')
})

test('ClusterMarkFile.open() refuses an active file and takes it over when it is old enough', () => {
  using first = ClusterMarkFile.open(options())
  first.signalReady()
  nowMs += 9_999
  expect(codeOf(() => ClusterMarkFile.open(options()))).toBe('ACTIVE_MARK_FILE')
  expect(decoded().version).toBe(0x000300)
  nowMs += 1
  using second = ClusterMarkFile.open(options())
  second.signalReady()
  expect(decoded().activityTimestamp).toBe(BigInt(nowMs))
})

test('ClusterMarkFile.claimFor() keeps others away while the container is opened, and not for ever when its process is killed', () => {
  using killed = ClusterMarkFile.open(options())
  expect(codeOf(() => ClusterMarkFile.open(options()))).toBe('ACTIVE_MARK_FILE')
  killed.claimFor(5_000)
  nowMs += 14_999
  expect(codeOf(() => ClusterMarkFile.open(options()))).toBe('ACTIVE_MARK_FILE')
  nowMs += 1
  using next = ClusterMarkFile.open(options())
  next.signalReady()
  expect(decoded().version).toBe(0x000300)
})

test('ClusterMarkFile.open() takes a terminated file over at once', () => {
  const first = ClusterMarkFile.open(options())
  first.signalReady()
  first.setMemberId(2)
  first.signalTerminated()
  first.close()
  using second = ClusterMarkFile.open(options())
  second.signalReady()
  expect(decoded().memberId).toBe(-1)
})

test('ClusterMarkFile.signalFailed() lets the next one in at once', () => {
  const first = ClusterMarkFile.open(options())
  expect(codeOf(() => ClusterMarkFile.open(options()))).toBe('ACTIVE_MARK_FILE')
  first.signalFailed()
  first.close()
  expect(decoded().version).toBe(-1)
  expect(codeOf(() => ClusterMarkFile.open(options()).close())).toBe('none')
})

test('ClusterMarkFile.open() leaves a file that is not a mark file of this format as it is', () => {
  const path = join(directory, markFileName(1))
  for (const content of [new Uint8Array(8), new Uint8Array(8192).fill(0x5a)]) {
    writeFileSync(path, content)
    expect(codeOf(() => ClusterMarkFile.open(options()))).toBe('MARK_FILE_INVALID')
    expect(bytesOf()).toEqual(content)
  }
})

test('ClusterMarkFile.open() refuses the mark file of another component', () => {
  const path = join(directory, markFileName(1))
  ClusterMarkFile.open(options()).close()
  const bytes = readFileSync(path)
  bytes.writeInt32LE(1, 12)
  writeFileSync(path, bytes)
  expect(codeOf(() => ClusterMarkFile.open(options()))).toBe('MARK_FILE_INVALID')
})

test('ClusterMarkFile.open() takes over a file of the layout before 1.47, and keeps its candidate term', () => {
  const bytes = Buffer.alloc(1_056_768)
  bytes.writeInt32LE(0x000200, 0)
  bytes.writeInt32LE(2, 4)
  bytes.writeBigInt64LE(BigInt(NOW_MS - 60_000), 8)
  bytes.writeBigInt64LE(7n, 32)
  writeFileSync(join(directory, markFileName(1)), bytes)
  using markFile = ClusterMarkFile.open(options())
  markFile.signalReady()
  expect(decoded().candidateTermId).toBe(7n)
  expect(decoded().pid).toBe(BigInt(process.pid))
})

test('ClusterMarkFile.open() gives a file of another error buffer length its own', () => {
  ClusterMarkFile.open(options({ errorBufferLength: 2 * ERROR_BUFFER_LENGTH })).signalFailed()
  using markFile = ClusterMarkFile.open(options())
  markFile.signalReady()
  expect(bytesOf().length).toBe(1_056_768)
})

test('ClusterMarkFile.open() keeps the errors of the container before in a file beside', () => {
  const first = ClusterMarkFile.open(options())
  first.signalReady()
  new DistinctErrorLog(first.errorBuffer, { timeMs: () => nowMs }).record(new Error('seen by an operator'))
  first.signalTerminated()
  first.close()
  using second = ClusterMarkFile.open(options())
  const kept = readdirSync(directory).filter((name) => /^CONTAINER-.*-error\.log$/.test(name))
  expect(kept).toHaveLength(1)
  expect(readFileSync(join(directory, kept[0] ?? ''), 'utf8')).toContain('seen by an operator')
  expect(second.errorBuffer.getInt32(0)).toBe(0)
})

test('ClusterMarkFile.signalReady() links to a mark file that is elsewhere, and removes the link otherwise', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'mark-file-'))
  const link = join(directory, linkFileName(1))
  try {
    const first = ClusterMarkFile.open(options({ markFileDirectory: elsewhere }))
    first.signalReady()
    first.close()
    expect(readFileSync(link, 'utf8')).toBe(elsewhere)
    using second = ClusterMarkFile.open(options())
    second.signalReady()
    expect(existsSync(link)).toBe(false)
  } finally {
    rmSync(elsewhere, { recursive: true })
  }
})

test('ClusterMarkFile.open() refuses names that do not fit in front of the error log', () => {
  expect(codeOf(() => ClusterMarkFile.open(options({ serviceName: 'x'.repeat(8192) })))).toBeInstanceOf(
    RangeError,
  )
  expect(codeOf(() => ClusterMarkFile.open(options()).close())).toBe('none')
})

test('ClusterMarkFile is quiet after close()', () => {
  const markFile = ClusterMarkFile.open(options())
  markFile.close()
  markFile.updateActivityTimestamp()
  markFile.signalTerminated()
  markFile.close()
  expect(decoded().activityTimestamp).not.toBe(-1n)
})

test('ClusterMarkFile.open() takes over a file whose error log is damaged', () => {
  {
    using markFile = ClusterMarkFile.open(options())
    new DistinctErrorLog(markFile.errorBuffer, { timeMs: () => NOW_MS }).record(new Error('before'))
    markFile.signalReady()
    // No time of this world.
    markFile.errorBuffer.putInt64(16, 2n ** 62n)
    markFile.signalTerminated()
  }
  using again = ClusterMarkFile.open(options())
  again.signalReady()
  expect(decoded().version).toBe(0x000300)
})

test('ClusterMarkFile.open() lets go of a file that it could not take over', () => {
  {
    using markFile = ClusterMarkFile.open(options())
    new DistinctErrorLog(markFile.errorBuffer, { timeMs: () => NOW_MS }).record(new Error('before'))
    markFile.signalReady()
    markFile.signalTerminated()
  }
  // There is no place to keep the errors of the container before.
  const taken = join(
    directory,
    `CONTAINER-${new Date(NOW_MS).toISOString().replaceAll(/[:.]/g, '-')}-error.log`,
  )
  mkdirSync(taken)
  expect(codeOf(() => ClusterMarkFile.open(options()))).toMatchObject({ code: 'EISDIR' })
  rmSync(taken, { recursive: true })
  expect(codeOf(() => ClusterMarkFile.open(options()).close())).toBe('none')
})
