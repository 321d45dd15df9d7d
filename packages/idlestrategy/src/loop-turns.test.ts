import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LoopTurns, NEXT_TURN, type LoopTask } from './loop-turns.ts'

let parksMs: number[] = []
beforeEach(() => {
  parksMs = []
  vi.spyOn(Atomics, 'wait').mockImplementation((_word, _index, _value, timeoutMs = 0) => {
    parksMs.push(Number(timeoutMs))
    now += Number(timeoutMs)
    return 'timed-out'
  })
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => vi.restoreAllMocks())

let now = 1_000

function recording(turns: LoopTurns, done: string[]): (name: string, inMs: number) => LoopTask {
  return (name, inMs) => {
    const task: LoopTask = { dueMs: now + inMs, run: () => void done.push(name) }
    turns.add(task)
    return task
  }
}

async function afterTurns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn()
}

test('LoopTurns parks until the first task is due, and does each when it is', async () => {
  const done: string[] = []
  const add = recording(new LoopTurns(), done)
  add('later', 0.75)
  add('first', 0.25)
  await afterTurns(1)
  expect(done).toEqual(['first'])
  await afterTurns(1)
  expect(done).toEqual(['first', 'later'])
  expect(parksMs).toEqual([expect.closeTo(0.25), expect.closeTo(0.5)])
})

test('LoopTurns does not park while there is something to do in the next turn', async () => {
  const done: string[] = []
  const turns = new LoopTurns()
  const busy: LoopTask = {
    dueMs: NEXT_TURN,
    run: () => {
      done.push('busy')
      if (done.length < 3) turns.add(busy)
    },
  }
  turns.add(busy)
  recording(turns, done)('parked', 0.5)
  await afterTurns(3)
  expect(done).toEqual(['busy', 'busy', 'busy'])
  expect(parksMs).toEqual([])
  await afterTurns(1)
  expect(done).toEqual(['busy', 'busy', 'busy', 'parked'])
  expect(parksMs).toEqual([expect.closeTo(0.5)])
})

test('LoopTurns takes what the event loop did from the park, and leaves out one that is over', async () => {
  const done: string[] = []
  const add = recording(new LoopTurns(), done)
  add('half', 0.5)
  now += 0.25
  await afterTurns(1)
  expect(parksMs).toEqual([expect.closeTo(0.25)])
  add('over', 0.001)
  now += 0.1
  await afterTurns(1)
  expect(done).toEqual(['half', 'over'])
  expect(parksMs).toHaveLength(1)
})

test('LoopTurns parks for what is due already, so that short parks do not keep the core busy', async () => {
  const done: string[] = []
  recording(new LoopTurns(), done)('short', 0.001)
  now += 0.005
  await afterTurns(1)
  expect(done).toEqual(['short'])
  expect(parksMs).toEqual([0.001])
})

test('LoopTurns.remove() takes a task out, and the last one lets the event loop rest', async () => {
  const done: string[] = []
  const turns = new LoopTurns()
  const add = recording(turns, done)
  const first = add('first', 0.1)
  add('second', 0.2)
  turns.remove(first)
  turns.remove(first)
  await afterTurns(1)
  expect(done).toEqual(['second'])
  turns.remove(add('third', 0.1))
  await afterTurns(2)
  expect(done).toEqual(['second'])
  expect(parksMs).toHaveLength(1)
})
