import { expect, test } from 'vitest'
import { closeAtExit } from './exit-hook.ts'

test('closeAtExit() has one listener for all, which tells each that has not taken it back', () => {
  const before = process.listeners('exit')
  const closed: string[] = []
  const forgetOne = closeAtExit(() => closed.push('one'))
  const forgetFailing = closeAtExit(() => {
    closed.push('failing')
    throw new Error('cannot close')
  })
  const forgetTwo = closeAtExit(() => closed.push('two'))
  const [listener, ...more] = process.listeners('exit').filter((each) => !before.includes(each))
  expect(more).toEqual([])
  forgetOne()
  listener?.(0)
  expect(closed).toEqual(['failing', 'two'])
  forgetFailing()
  forgetTwo()
  expect(process.listeners('exit')).toEqual(before)
})
