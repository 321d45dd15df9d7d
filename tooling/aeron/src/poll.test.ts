import { expect, test } from 'vitest'
import { poll } from './poll.ts'

test('poll() returns what the probe gives at last', async () => {
  let looks = 0
  const found = await poll(() => (++looks === 3 ? 'there' : undefined), {
    action: 'wait',
    timeoutMs: 1_000,
    intervalMs: 1,
  })
  expect(found).toBe('there')
})

test('poll() fails at its deadline, and describes why', async () => {
  const waiting = poll(() => false, {
    action: 'see it',
    timeoutMs: 5,
    intervalMs: 1,
    describe: () => 'nothing came',
  })
  await expect(waiting).rejects.toMatchObject({ code: 'TIMED_OUT', context: { timeoutMs: 5 } })
  await expect(waiting).rejects.toThrow('Cannot see it: not done after 5 ms; nothing came')
})

test('poll() fails as soon as the check throws', async () => {
  const check = (): void => {
    throw new Error('gone')
  }
  await expect(poll(() => undefined, { action: 'wait', timeoutMs: 60_000, check })).rejects.toThrow('gone')
})
