import { AtomicBuffer } from '@x/atomic'
import { mapExistingFile } from '@x/mmap'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isClusterError } from '../cluster-error.ts'
import { ClusterMarkFile, MARK_FILE_LIVENESS_TIMEOUT_MS } from './cluster-mark-file.ts'
import * as layout from './cluster-mark-layout.ts'
import { endMarkFileOf, readMarkFileHolder } from './mark-file-holder.ts'

let directory: string
let nowMs: number

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mark-file-holder-'))
  nowMs = 1_700_000_000_000
})

afterEach(() => rmSync(directory, { recursive: true, force: true }))

function open(): ClusterMarkFile {
  const markFile = ClusterMarkFile.open({
    clusterDirectory: directory,
    markFileDirectory: directory,
    clusterId: 0,
    serviceId: 0,
    serviceName: 'a service',
    aeronDirectory: '/dev/shm/aeron-test',
    controlChannel: 'aeron:ipc',
    serviceStreamId: 104,
    consensusModuleStreamId: 105,
    archiveStreamId: 10,
    errorBufferLength: 1024 * 1024,
    epochClock: { timeMs: () => nowMs },
  })
  markFile.signalReady()
  return markFile
}

function isRefused(): boolean {
  try {
    open().close()
    return false
  } catch (error) {
    if (isClusterError(error, 'ACTIVE_MARK_FILE')) return true
    throw error
  }
}

test('the mark file of a container that is gone can be ended for it, and taken at once', () => {
  using gone = open()
  const holder = readMarkFileHolder(gone.path)
  expect(holder).toEqual({
    path: gone.path,
    pid: BigInt(process.pid),
    startTimestampMs: 1_700_000_000_000n,
  })
  expect(isRefused()).toBe(true)
  expect(endMarkFileOf(holder)).toBe(true)
  expect(isRefused()).toBe(false)
})

test('a mark file that another container of the process holds by now is left alone', () => {
  using gone = open()
  const holder = readMarkFileHolder(gone.path)
  nowMs += MARK_FILE_LIVENESS_TIMEOUT_MS
  using next = open()
  expect(endMarkFileOf(holder)).toBe(false)
  expect(isRefused()).toBe(true)
  expect(endMarkFileOf({ ...readMarkFileHolder(next.path), pid: 1n })).toBe(false)
  expect(isRefused()).toBe(true)
})

test('a mark file that another container is about to take over is left alone', () => {
  using gone = open()
  const holder = readMarkFileHolder(gone.path)
  using file = mapExistingFile(gone.path)
  const activity = layout.MARK_BLOCK_OFFSET + layout.ACTIVITY_TIMESTAMP_OFFSET
  const memory = AtomicBuffer.wrap(file.memory)
  // The first thing that a take-over does; whose file it was still stands in it.
  memory.putInt64(activity, layout.ACTIVATING)
  expect(endMarkFileOf(holder)).toBe(false)
  expect(memory.getInt64(activity)).toBe(layout.ACTIVATING)
})
