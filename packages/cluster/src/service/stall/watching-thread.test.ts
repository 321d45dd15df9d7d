import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { MARK_HEADER_LENGTH } from '../cluster-mark-layout.ts'
import { ActivityBoard } from './activity-board.ts'
import { unwatchContainer, watchContainer } from './watching-thread.ts'

const ERROR_BUFFER_LENGTH = 65_536

let folder: string
const boards: ActivityBoard[] = []

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'watching-thread-'))
  writeFileSync(join(folder, 'mark'), new Uint8Array(MARK_HEADER_LENGTH + ERROR_BUFFER_LENGTH))
})

afterAll(() => {
  for (const board of boards) unwatchContainer(board)
  rmSync(folder, { recursive: true })
})

function watch(board: ActivityBoard, fileName: string): unknown[] {
  boards.push(board)
  const errors: unknown[] = []
  const container = {
    memory: board.memory,
    markFilePath: join(folder, fileName),
    errorBufferLength: ERROR_BUFFER_LENGTH,
    serviceId: 0,
    thresholdMs: 1_000,
    clientLivenessTimeoutMs: 10_000,
  }
  watchContainer(container, (error) => errors.push(error))
  return errors
}

const SOON = { timeout: 20_000, interval: 10 }

test('a container that went with its mark file before it was watched takes no one with it', async () => {
  const gone = new ActivityBoard()
  gone.stop()
  const errors = watch(gone, 'no-such-file')
  const board = new ActivityBoard()
  errors.push(...watch(board, 'mark'))
  await vi.waitUntil(() => board.isWatched || errors.length > 0, SOON)
  expect(errors).toEqual([])
})

test('when the thread fails those are told that it watches, and no one that has ended', async () => {
  const [ended, watched] = [new ActivityBoard(), new ActivityBoard()]
  const errorsOfEnded = watch(ended, 'mark')
  const errorsOfWatched = watch(watched, 'mark')
  await vi.waitUntil(() => ended.isWatched && watched.isWatched, SOON)
  unwatchContainer(ended)
  const failing = new ActivityBoard()
  const errorsOfFailing = watch(failing, 'no-such-file')
  await vi.waitUntil(() => errorsOfFailing.length > 0, SOON)
  expect(errorsOfEnded).toEqual([])
  expect(errorsOfWatched).toEqual(errorsOfFailing)

  // The next one has a thread again.
  const next = new ActivityBoard()
  watch(next, 'mark')
  await vi.waitUntil(() => next.isWatched, SOON)
})
