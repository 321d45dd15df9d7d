import { expect, test } from 'vitest'
import { SequenceCheck } from './sequence-check.ts'
import { isComplete } from './summary.ts'

function streamOf(sentCount: number, ...received: number[]): { sentCount: number; sequences: SequenceCheck } {
  const sequences = new SequenceCheck()
  for (const sequence of received) sequences.onSequence(sequence)
  return { sentCount, sequences }
}

test('isComplete() holds when each message came back once and in order', () => {
  expect(isComplete(streamOf(3, 0, 1, 2))).toBe(true)
})

test.each([
  ['lost in the middle', streamOf(3, 0, 2)],
  ['lost at the end', streamOf(3, 0, 1)],
  ['duplicated', streamOf(3, 0, 1, 1, 2)],
  ['out of order', streamOf(3, 0, 2, 1)],
])('isComplete() does not hold when a message was %s', (_fault, stream) => {
  expect(isComplete(stream)).toBe(false)
})
