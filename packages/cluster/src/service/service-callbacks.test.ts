import type { AtomicBuffer } from '@x/atomic'
import type { ExclusivePublication, Header } from '@x/client'
import { expect, test } from 'vitest'
import { AuctionService } from '../../test/support/auction-service.ts'
import { isClusterError } from '../cluster-error.ts'
import { Role, type Cluster } from './cluster.ts'
import type { ClusteredService } from './clustered-service.ts'
import { LifecycleGuard } from './lifecycle-guard.ts'
import { ServiceCallbacks } from './service-callbacks.ts'
import { ServiceState } from './service-state.ts'

// As a program without types may have them, or one that does not lint.
function setUp(callbacks: Partial<Record<keyof ClusteredService, () => unknown>>): {
  callbacks: ServiceCallbacks
  errors: unknown[]
} {
  const errors: unknown[] = []
  const service: AuctionService = Object.assign<AuctionService, object>(new AuctionService(), callbacks)
  const policy = { onError: (error: unknown) => errors.push(error), terminateOnServiceError: false }
  return {
    callbacks: new ServiceCallbacks(service, new LifecycleGuard(), new ServiceState(), policy),
    errors,
  }
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

const REJECTION = new Error('after the first await')

async function late(): Promise<void> {
  await Promise.resolve()
  throw REJECTION
}

test('a start and a snapshot fail when their callback is async: they would be acknowledged before it is done', async () => {
  const { callbacks, errors } = setUp({ onStart: late, onTakeSnapshot: late })
  const started = thrownBy(() => callbacks.onStart({} as Cluster, undefined))
  expect(isClusterError(started, 'CALLBACK_ASYNCHRONOUS') && started.context).toEqual({ callback: 'onStart' })
  const taken = thrownBy(() => callbacks.onTakeSnapshot({} as ExclusivePublication))
  expect(isClusterError(taken, 'CALLBACK_ASYNCHRONOUS')).toBe(true)
  await new Promise((resolve) => setImmediate(resolve))
  expect(errors).toEqual([REJECTION, REJECTION])
})

test('an async callback of the log is reported, and so is what its promise is rejected with', async () => {
  const { callbacks, errors } = setUp({ onSessionMessage: late })
  callbacks.onSessionMessage(undefined, 1n, {} as AtomicBuffer, 0, 0, {} as Header)
  expect(errors.map((error) => isClusterError(error, 'CALLBACK_ASYNCHRONOUS'))).toEqual([true])
  await new Promise((resolve) => setImmediate(resolve))
  expect(errors.at(-1)).toBe(REJECTION)
})

test('onRoleChange, which no state depends on, may be async', async () => {
  const { callbacks, errors } = setUp({ onRoleChange: late })
  callbacks.changeRole(Role.LEADER)
  expect(errors).toEqual([])
  await new Promise((resolve) => setImmediate(resolve))
  expect(errors).toEqual([REJECTION])
})
