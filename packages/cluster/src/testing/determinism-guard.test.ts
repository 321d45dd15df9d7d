import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { AgentTerminationError, systemNanoClock } from '@x/idlestrategy'
import { afterEach, expect, test } from 'vitest'
import { TallyService } from '../../test/support/tally-service.ts'
import type { ClockTick } from '../service/clock-tick.ts'
import { isClusterError } from '../cluster-error.ts'
import type { Cluster } from '../service/cluster.ts'
import type { ServiceCallbacks } from '../service/service-callbacks.ts'
import { ServiceIdleStrategy } from '../service/service-idle-strategy.ts'
import { ServiceState } from '../service/service-state.ts'
import { guardDeterminism, type GuardedService, type Nondeterminism } from './determinism-guard.ts'

const open: GuardedService[] = []

afterEach(() => {
  for (const guarded of open.splice(0)) guarded[Symbol.dispose]()
})

/** A guarded service that does `work` in a callback, and what its guard has found. */
function guarding(
  work: () => unknown,
  ignore: readonly Nondeterminism['kind'][] = [],
): { run: () => void; found: Nondeterminism[]; guarded: GuardedService; cluster: Cluster } {
  const found: Nondeterminism[] = []
  const service = new TallyService()
  service.onSessionMessage = () => void work()
  const guarded = guardDeterminism(service, { onFound: (one) => found.push(one), ignore })
  open.push(guarded)
  const cluster = { logPosition: 960 } as Cluster
  guarded.onStart(cluster, undefined)
  const run = (): void => {
    ;(guarded.onSessionMessage as () => void)()
  }
  return { run, found, guarded, cluster }
}

const NOTHING = (): void => {}

test.each<[string, Nondeterminism['kind'], () => unknown]>([
  ['Date.now', 'clock', () => Date.now()],
  ['new Date()', 'clock', () => new Date()],
  ['Date()', 'clock', () => Date()],
  ['performance.now', 'clock', () => performance.now()],
  ['process.hrtime', 'clock', () => process.hrtime()],
  ['process.hrtime.bigint', 'clock', () => process.hrtime.bigint()],
  ['process.uptime', 'clock', () => process.uptime()],
  ['Math.random', 'random', () => Math.random()],
  ['crypto.randomUUID', 'random', () => randomUUID()],
  ['crypto.randomUUID', 'random', () => crypto.randomUUID()],
  ['crypto.getRandomValues', 'random', () => crypto.getRandomValues(new Uint8Array(4))],
  ['setTimeout', 'timer', () => clearTimeout(setTimeout(NOTHING, 1))],
  ['setInterval', 'timer', () => clearInterval(setInterval(NOTHING, 1))],
  ['setImmediate', 'timer', () => clearImmediate(setImmediate(NOTHING))],
  ['queueMicrotask', 'timer', () => queueMicrotask(NOTHING)],
  ['process.nextTick', 'timer', () => process.nextTick(NOTHING)],
  ['Promise', 'promise', () => Promise.resolve(1)],
  ['Promise', 'promise', () => (async () => undefined)()],
  ['Promise', 'promise', () => delay(1)],
  ['fs.readFileSync', 'io', () => readFileSync(new URL(import.meta.url))],
])('%s in a callback is reported as %s', (api, kind, work) => {
  const { run, found } = guarding(work)
  run()
  expect(found[0]).toMatchObject({ kind, api, callback: 'onSessionMessage', logPosition: 960 })
  // It begins where it was used; functions of Node.js stand in front for a promise.
  const lines = found[0]!.stack.split('\n').filter((line) => !/<anonymous>|node:/.test(line))
  expect(lines[0]).toContain('determinism-guard.test.ts')
})

test('what is the same everywhere is not reported, and results stay what they are', () => {
  const seen: unknown[] = []
  const { run, found } = guarding(() => {
    const date = new Date(86_400_000)
    seen.push(date.getTime(), date instanceof Date, new Date(date).toISOString(), Date.UTC(1970, 0, 2))
    seen.push(
      Math.max(1, 2),
      [3, 1, 2].toSorted((a, b) => a - b),
      JSON.stringify({ a: 1 }),
    )
  })
  run()
  expect(found).toEqual([])
  expect(seen).toEqual([86_400_000, true, '1970-01-02T00:00:00.000Z', 86_400_000, 2, [1, 2, 3], '{"a":1}'])
})

test('other code of the process is not affected: outside of callbacks nothing is reported', async () => {
  const { run, found } = guarding(NOTHING)
  run()
  await delay(1)
  expect([Date.now() > 0, Math.random() < 1, randomUUID().length, typeof Date()]).toEqual([
    true,
    true,
    36,
    'string',
  ])
  expect(found).toEqual([])
})

test('kinds can be let through, and I/O may be done in onStart', () => {
  const { run, found } = guarding(() => [Date.now(), Math.random()], ['clock'])
  run()
  expect(found.map(({ api }) => api)).toEqual(['Math.random'])

  const seen: Nondeterminism[] = []
  const service = new TallyService()
  service.onStart = () => void [readFileSync(new URL(import.meta.url)), Date.now()]
  const guarded = guardDeterminism(service, { onFound: (one) => seen.push(one) })
  open.push(guarded)
  guarded.onStart({} as Cluster, undefined)
  expect(seen.map(({ api, callback }) => [api, callback])).toEqual([['Date.now', 'onStart']])
})

test('background work, role changes and the end may do what they like, also within another callback', () => {
  class Service extends TallyService {
    onRoleChange(): void {
      Date.now()
    }
    onTerminate(): void {
      Date.now()
    }
    doBackgroundWork(): number {
      return Date.now()
    }
  }
  const found: Nondeterminism[] = []
  const service = new Service()
  const guarded = guardDeterminism(service, { onFound: (one) => found.push(one) })
  open.push(guarded)
  service.onSessionMessage = () => void guarded.doBackgroundWork?.(0n)
  guarded.onRoleChange?.(2)
  guarded.onTerminate?.({} as Cluster)
  ;(guarded.onSessionMessage as () => void)()
  expect(found).toEqual([])
  Date.now()
  const without = guardDeterminism(new TallyService(), { onFound: 'throw' })
  open.push(without)
  expect('doBackgroundWork' in without && without.doBackgroundWork !== undefined).toBe(false)
})

test('the container that waits within a callback may look at its clock', () => {
  const state = new ServiceState()
  const ticks: bigint[] = []
  const tick = { tick: (nowNs: bigint) => ticks.push(nowNs) } as unknown as ClockTick
  const callbacks = {} as ServiceCallbacks
  const real = { alias: 'x', parkNs: () => 0, idle: () => void Date.now(), reset: NOTHING }
  const idleStrategy = new ServiceIdleStrategy(real, systemNanoClock, tick, callbacks, state)
  const { run, found } = guarding(() => {
    idleStrategy.idle()
    Math.random()
  })
  run()
  expect(ticks.length).toBe(1)
  expect(found.map(({ api }) => api)).toEqual(['Math.random'])
})

test('to throw, it lets the callback come to its end first, and names all that it used', () => {
  let isDone = false
  const service = new TallyService()
  service.onSessionMessage = () => {
    Date.now()
    Math.random()
    Date.now()
    isDone = true
  }
  const guarded = guardDeterminism(service, { onFound: 'throw' })
  open.push(guarded)
  guarded.onStart({ logPosition: 64 } as Cluster, undefined)
  let thrown: unknown
  try {
    ;(guarded.onSessionMessage as () => void)()
  } catch (error) {
    thrown = error
  }
  if (!isClusterError(thrown, 'NOT_DETERMINISTIC')) throw thrown
  expect(isDone).toBe(true)
  expect(thrown.context).toEqual({
    callback: 'onSessionMessage',
    logPosition: 64,
    apis: ['Date.now', 'Math.random'],
  })
  // What was found is told once.
  service.onSessionMessage = NOTHING
  ;(guarded.onSessionMessage as () => void)()
})

test('what a callback used before it threw is told with that callback, not with the next', () => {
  const own = new Error('thrown by the service')
  const ending = new AgentTerminationError('the service ends')
  const service = new TallyService()
  const guarded = guardDeterminism(service, { onFound: 'throw' })
  open.push(guarded)
  const run = (thrown: Error | undefined): unknown => {
    service.onSessionMessage = () => {
      if (thrown === undefined) return
      Date.now()
      throw thrown
    }
    try {
      ;(guarded.onSessionMessage as () => void)()
      return undefined
    } catch (error) {
      return error
    }
  }
  expect(run(own)).toMatchObject({ code: 'NOT_DETERMINISTIC', cause: own })
  expect(run(undefined)).toBeUndefined()
  expect(run(ending)).toBe(ending)
  expect(run(undefined)).toBeUndefined()
})

test('switched off, and when the last guard goes, everything is as it was', () => {
  const owners: [object, string][] = [
    [globalThis, 'Date'],
    [globalThis, 'setTimeout'],
    [Date, 'now'],
    [Math, 'random'],
    [process, 'hrtime'],
    [process.hrtime, 'bigint'],
    [process, 'nextTick'],
  ]
  const originals = (): unknown[] => [
    readFileSync,
    randomUUID,
    ...owners.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name)?.value as unknown),
  ]
  const before = originals()
  const [one, two] = [guarding(() => Date.now()), guarding(() => Date.now())]
  const patched = originals()
  expect(before.map((original, i) => original === patched[i]).includes(true)).toBe(false)
  one.guarded.setGuarding(false)
  one.guarded.setGuarding(false)
  one.run()
  two.run()
  expect([one.found.length, two.found.length]).toEqual([0, 1])
  two.guarded[Symbol.dispose]()
  two.run()
  expect(two.found.length).toBe(1)
  expect(originals()).toEqual(before)
  one.guarded.setGuarding(true)
  one.run()
  expect([one.found.length, one.guarded.isGuarding]).toEqual([1, true])
})
