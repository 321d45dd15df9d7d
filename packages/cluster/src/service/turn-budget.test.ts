import { expect, test } from 'vitest'
import { ActivityBoard } from './stall/activity-board.ts'
import { TurnBudget } from './turn-budget.ts'

/** Entries applied in one turn of at most 50, when the entry of an index takes so many milliseconds. */
function entriesOfTurn(msOf: (index: number) => number): { entries: number; looks: number } {
  let nowMs = 0
  let looks = -1
  const nanoTime = (): bigint => {
    looks++
    return BigInt(nowMs * 1e6)
  }
  const budget = new TurnBudget({ nanoTime })
  budget.begin()
  for (let entries = 1; entries <= 50; entries++) {
    nowMs = Math.round(1e6 * (nowMs + msOf(entries))) / 1e6
    if (budget.isSpent()) return { entries, looks }
  }
  return { entries: 50, looks }
}

test('TurnBudget ends a turn after an entry that takes long, and lets short ones go on with few looks at the clock', () => {
  expect(entriesOfTurn(() => 400)).toEqual({ entries: 1, looks: 1 })
  expect(entriesOfTurn(() => 0.4).entries).toBe(3)
  expect(entriesOfTurn(() => 0.001)).toEqual({ entries: 50, looks: 8 })
})

test('TurnBudget lets eight entries that take long in a row by at most, wherever they stand in a turn', () => {
  for (let first = 1; first <= 42; first++) {
    const { entries } = entriesOfTurn((index) => (index >= first ? 400 : 0.001))
    expect(entries).toBeLessThan(first + 8)
  }
})

test('TurnBudget leaves the clock alone where a thread watches, and ends the turn when that says so', () => {
  const board = new ActivityBoard()
  board.isWatched = true
  board.tick()
  const nanoTime = (): bigint => {
    throw new Error('expected no look at the clock')
  }
  const budget = new TurnBudget({ nanoTime }, board)
  budget.begin()
  expect(budget.isSpent()).toBe(false)
  board.noteTickDue(board.ticks)
  expect(budget.isSpent()).toBe(true)
  board.tick()
  expect(budget.isSpent()).toBe(false)
})
