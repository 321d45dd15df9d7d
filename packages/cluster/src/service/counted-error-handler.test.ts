import { expect, test } from 'vitest'
import { CountedErrorHandler } from './counted-error-handler.ts'

test('CountedErrorHandler.onError() counts, records and tells', () => {
  const steps: string[] = []
  const handler = new CountedErrorHandler(
    { record: (error) => steps.push(`record ${String(error)}`) > 0 },
    { increment: () => BigInt(steps.push('count')) },
    ({ message }) => steps.push(`tell ${message}`),
  )
  handler.onError(new Error('a'))
  handler.onError('not an error')
  expect(steps).toEqual([
    'count',
    'record Error: a',
    'tell a',
    'count',
    'record Error: Thrown value is not an Error: not an error',
    'tell Thrown value is not an Error: not an error',
  ])
})

test('CountedErrorHandler.onError() goes on when the application throws on being told, and records that', () => {
  const recorded: string[] = []
  const handler = new CountedErrorHandler(
    { record: (error) => recorded.push(String(error)) > 0 },
    { increment: () => 0n },
    () => {
      throw new RangeError('of the handler')
    },
  )
  handler.onError(new Error('a'))
  expect(recorded).toEqual(['Error: a', 'RangeError: of the handler'])
})
