import { expect, test } from 'vitest'
import { ActivityBoard, ActivityCode } from './activity-board.ts'
import { StallWatchdog } from './stall-watchdog.ts'

function setUp(): { board: ActivityBoard; warnings: string[]; look: (nowMs: number) => void } {
  const board = new ActivityBoard()
  const warnings: string[] = []
  const watchdog = new StallWatchdog(new ActivityBoard(board.memory), {
    serviceId: 3,
    thresholdMs: 1_000,
    intervalMs: 100,
    clientLivenessTimeoutMs: 4_000,
    record: (warning) => warnings.push(warning),
  })
  return { board, warnings, look: (nowMs) => watchdog.look(nowMs) }
}

test('StallWatchdog.look() warns once for each time that a container is held up for too long, and names the culprit', () => {
  const { board, warnings, look } = setUp()
  board.tick()
  for (let nowMs = 0; nowMs < 3_000; nowMs += 100) {
    if (nowMs < 500) board.tick()
    else board.begin(ActivityCode.ON_SESSION_MESSAGE, 4_512, 7n)
    look(nowMs)
  }
  expect(warnings).toEqual([
    'Service 3 is held up, for 1000 ms now, by onSessionMessage at log position 4512 of session 7; without a turn for 4000 ms, the ' +
      'client liveness timeout of the driver, it is taken for dead, and its consensus module ends',
  ])
  expect(board.seen).toEqual({ activity: 'onSessionMessage', logPosition: 4_512, id: 7n })
  board.tick()
  expect(board.seen).toBeUndefined()
  board.activity = ActivityCode.OTHER_CODE
  for (let nowMs = 3_000; nowMs < 5_000; nowMs += 100) look(nowMs)
  expect(warnings).toHaveLength(2)
  expect(warnings[1]).toContain('by other code on its thread at log position 4512')
})

test('StallWatchdog.look() says that a tick is due, long before it warns', () => {
  const { board, warnings, look } = setUp()
  look(0)
  expect(board.isTickDue).toBe(true) // none yet, and nothing is applied before
  board.tick()
  look(100)
  expect(board.isTickDue).toBe(false)
  look(200)
  expect(board.isTickDue).toBe(true)
  board.tick()
  expect(board.isTickDue).toBe(false)
  expect(warnings).toEqual([])
})

test('StallWatchdog.look() does not warn before the first turn, nor while there are turns', () => {
  const { board, warnings, look } = setUp()
  for (let nowMs = 0; nowMs < 5_000; nowMs += 100) look(nowMs)
  for (let nowMs = 5_000; nowMs < 10_000; nowMs += 100) {
    if (nowMs % 900 === 0) board.tick()
    look(nowMs)
  }
  expect(warnings).toEqual([])
})

test('StallWatchdog.look() takes time in which it did not run itself for a pause of the process, and measures it', () => {
  const { board, warnings, look } = setUp()
  board.tick()
  look(0)
  look(100)
  look(8_100)
  expect(warnings).toEqual([])
  expect(board.pausedMs).toBe(7_800)
  for (let nowMs = 8_200; nowMs < 10_000; nowMs += 100) look(nowMs)
  expect(warnings).toHaveLength(1)
})
