import { expect, test } from 'vitest'
import { isClusterError } from '../cluster-error.ts'
import { LifecycleGuard } from './lifecycle-guard.ts'

function thrownBy(run: () => void): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

test('LifecycleGuard.check() allows calls when no guarded callback runs', () => {
  expect(thrownBy(() => new LifecycleGuard().check('offer'))).toBeUndefined()
})

for (const callback of ['onStart', 'onTerminate', 'onRoleChange', 'doBackgroundWork'] as const) {
  test(`LifecycleGuard.check() refuses calls in ${callback}`, () => {
    const guard = new LifecycleGuard()
    const previous = guard.enter(callback)
    const error = thrownBy(() => guard.check('schedule a timer'))
    if (!isClusterError(error, 'CALL_NOT_ALLOWED')) throw new Error('expected CALL_NOT_ALLOWED')
    expect(error.context).toEqual({ call: 'schedule a timer', callback })
    guard.exit(previous)
    expect(thrownBy(() => guard.check('offer'))).toBeUndefined()
  })
}

test('LifecycleGuard.exit() restores the callback in which background work was nested', () => {
  const guard = new LifecycleGuard()
  guard.enter('onRoleChange')
  guard.exit(guard.enter('doBackgroundWork'))
  expect(guard.active).toBe('onRoleChange')
})
