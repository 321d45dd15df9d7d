import { receiveMessageOnPort, workerData } from 'node:worker_threads'
import { AtomicBuffer } from '@x/atomic'
import { DistinctErrorLog } from '@x/atomic/status'
import { systemEpochClock } from '@x/idlestrategy'
import { mapExistingFile } from '@x/mmap'
import { MARK_HEADER_LENGTH } from '../cluster-mark-layout.ts'
import { ActivityBoard } from './activity-board.ts'
import { StallWatchdog } from './stall-watchdog.ts'
import type { WatchedContainer, WatchingThreadData } from './watching-thread.ts'

/** Ours: looks at a container in the time for which it may be without a turn. */
const LOOKS_PER_THRESHOLD = 8
/** Ours: warnings of one container. Its error log must keep room for other errors. */
const MAX_WARNINGS = 256

interface Watch {
  readonly intervalMs: number
  readonly board: ActivityBoard
  readonly watchdog: StallWatchdog
  readonly close: () => void
}

function startWatch(container: WatchedContainer): Watch {
  const board = new ActivityBoard(container.memory)
  const file = mapExistingFile(container.markFilePath)
  const errorBuffer = AtomicBuffer.wrap(file.memory).slice(MARK_HEADER_LENGTH, container.errorBufferLength)
  const errorLog = new DistinctErrorLog(errorBuffer, systemEpochClock, board.nextErrorOffset)
  const intervalMs = container.thresholdMs / LOOKS_PER_THRESHOLD
  let warningCount = 0
  const record = (warning: string): void => {
    if (warningCount++ < MAX_WARNINGS && !board.isStopped) errorLog.record(warning)
  }
  const watchdog = new StallWatchdog(board, { ...container, intervalMs, record })
  board.isWatched = true
  return { intervalMs, board, watchdog, close: () => file.close() }
}

function watch(start: WatchingThreadData): never {
  const control = new Int32Array(start.control)
  const watches = new Set<Watch>()
  for (;;) {
    const sequence = Atomics.load(control, 0)
    for (;;) {
      const received = receiveMessageOnPort(start.port) as { message: WatchedContainer } | undefined
      if (received === undefined) break
      // What ended before it was watched may have gone with its mark file, which is not the others' fault.
      if (!new ActivityBoard(received.message.memory).isStopped) watches.add(startWatch(received.message))
    }
    for (const each of watches) {
      if (each.board.isStopped) {
        each.close()
        watches.delete(each)
      } else {
        each.watchdog.look(performance.now())
      }
    }
    const intervalMs = Math.min(...[...watches].map((each) => each.intervalMs))
    Atomics.wait(control, 0, sequence, intervalMs)
  }
}

watch(workerData as WatchingThreadData)
