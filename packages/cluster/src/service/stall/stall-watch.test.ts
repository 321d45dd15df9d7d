import { expect, test } from 'vitest'
import { isClusterError } from '../../cluster-error.ts'
import { ActivityBoard, ActivityCode } from './activity-board.ts'
import { StallWatch } from './stall-watch.ts'

function setUp(): { board: ActivityBoard; watch: StallWatch; errors: unknown[] } {
  const errors: unknown[] = []
  const board = new ActivityBoard()
  const watch = new StallWatch(board, {
    serviceId: 0,
    thresholdMs: 1_000,
    clientLivenessTimeoutMs: 4_000,
    onError: (error) => errors.push(error),
  })
  watch.onTick(0)
  return { board, watch, errors }
}

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}

test('StallWatch tells of a stall after it, by what the watching thread has seen', async () => {
  const { board, watch, errors } = setUp()
  board.begin(ActivityCode.ON_TIMER_EVENT, 96, 5n)
  board.noteSeen(board.ticks)
  board.activity = ActivityCode.CONTAINER
  watch.onTick(1_100)
  watch.onTick(1)
  await nextTurn()
  const [error, ...more] = errors
  if (!isClusterError(error, 'CONTAINER_STALLED')) throw error
  expect(more).toEqual([])
  expect(error.context).toEqual({
    serviceId: 0,
    activity: 'onTimerEvent',
    logPosition: 96,
    clusterSessionId: undefined,
    stalledMs: 1_100,
    garbageCollectionMs: 0,
    pausedMs: 0,
    thresholdMs: 1_000,
    clientLivenessTimeoutMs: 4_000,
  })
  expect(error.message).toContain('held up by onTimerEvent at log position 96 of timer 5;')
  watch.close()
})

test('StallWatch tells of one that the watching thread has not seen when it was much too long, and of a pause of the process', async () => {
  const { board, watch, errors } = setUp()
  watch.onTick(1_400)
  board.pausedMs += 1_500
  watch.onTick(1_600)
  await nextTurn()
  expect(errors).toHaveLength(1)
  expect(String(errors[0])).toContain(
    'had none for 1600 ms, 1500 ms of it because the process was paused or had no processor, held up by what could not be seen;',
  )
  watch.close()
})

test('StallWatch tells of a stall where the event loop never turns, and at the end at the latest', () => {
  const { watch, errors } = setUp()
  watch.onTick(5_000)
  for (let tick = 0; tick < 49; tick++) watch.onTick(1)
  expect(errors).toEqual([])
  watch.onTick(1)
  expect(errors).toHaveLength(1)
  watch.onTick(6_000)
  watch.close()
  expect(errors).toHaveLength(2)
  expect(errors[1]).toMatchObject({ context: { stalledMs: 6_000, garbageCollectionMs: undefined } })
})
