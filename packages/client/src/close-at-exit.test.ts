import { expect, test } from 'vitest'
import { closeAtExit } from './close-at-exit.ts'

test('closeAtExit() calls each that is still open once, whatever another throws, through one listener', () => {
  const before = process.listenerCount('exit')
  const calls: string[] = []
  const forget = closeAtExit(() => calls.push('forgotten'))
  closeAtExit(() => {
    calls.push('a')
    throw new Error('a')
  })
  closeAtExit(() => calls.push('b'))
  forget()
  expect(process.listenerCount('exit')).toBe(before + 1)
  const listener = process.listeners('exit').at(-1) as () => void
  listener()
  listener()
  expect(calls).toEqual(['a', 'b'])
  process.off('exit', listener)
})

test('closeAtExit() leaves no listener behind', () => {
  const before = process.listenerCount('exit')
  const forgets = Array.from({ length: 20 }, () => closeAtExit(() => {}))
  for (const forget of forgets) forget()
  for (const forget of forgets) forget()
  expect(process.listenerCount('exit')).toBe(before)
})
