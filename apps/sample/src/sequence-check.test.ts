import { expect, test } from 'vitest'
import { SequenceCheck } from './sequence-check.ts'

function reportOf(...sequences: number[]) {
  const check = new SequenceCheck()
  for (const sequence of sequences) check.onSequence(sequence)
  return check.report()
}

test('SequenceCheck.report() finds nothing in an unbroken stream', () => {
  expect(reportOf(0, 1, 2)).toEqual({ received: 3, missing: 0, duplicated: 0, outOfOrder: 0 })
})

test('SequenceCheck.report() counts what never came', () => {
  expect(reportOf(0, 3)).toEqual({ received: 2, missing: 2, duplicated: 0, outOfOrder: 0 })
})

test('SequenceCheck.report() counts what came twice', () => {
  expect(reportOf(0, 1, 1, 0)).toEqual({ received: 2, missing: 0, duplicated: 2, outOfOrder: 0 })
})

test('SequenceCheck.report() counts what came late', () => {
  expect(reportOf(0, 2, 1, 3)).toEqual({ received: 4, missing: 0, duplicated: 0, outOfOrder: 1 })
})
