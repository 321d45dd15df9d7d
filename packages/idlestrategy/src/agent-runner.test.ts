import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { AgentRunner } from './agent-runner.ts'
import { AgentTerminationError } from './agent-termination-error.ts'
import type { Agent } from './agent.ts'
import { idleStrategyByName } from './idle-strategy-by-name.ts'
import { SleepingMillisIdleStrategy } from './sleeping-millis-idle-strategy.ts'

interface Run {
  readonly runner: AgentRunner
  readonly calls: string[]
  readonly errors: unknown[]
  readonly turns: () => number
}

function run(
  alias: string,
  doWork: (turn: number, runner: AgentRunner) => number,
  overrides: Partial<Agent> = {},
): Run {
  const calls: string[] = []
  const errors: unknown[] = []
  let turns = 0
  const agent: Agent = {
    roleName: 'counted',
    onStart: () => void calls.push('start'),
    doWork: () => doWork(++turns, runner),
    onClose: () => void calls.push('close'),
    ...overrides,
  }
  const runner = new AgentRunner(agent, {
    idleStrategy: idleStrategyByName(alias),
    errorHandler: (error) => errors.push(error),
  })
  return { runner, calls, errors, turns: () => turns }
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

test.each(['spin', 'yield', 'noop', 'sleep-ns', 'sleep-ms', 'backoff'])(
  'AgentRunner with "%s" does turns and leaves the event loop alive',
  async (alias) => {
    const { runner, calls, turns } = run(alias, () => 0)
    runner.start()
    runner.start()
    await vi.waitFor(() => expect(turns()).toBeGreaterThan(2), 10_000)
    await runner.close()
    const after = turns()
    await delay(5)
    expect(turns()).toBe(after)
    expect(runner.isClosed).toBe(true)
    expect(calls).toEqual(['start', 'close'])
  },
)

test('AgentRunner lets timers fire while there is always work', async () => {
  const { runner } = run('backoff', () => 1)
  runner.start()
  let ticks = 0
  const timer = setInterval(() => ticks++, 1)
  await expect.poll(() => ticks, { timeout: 10_000 }).toBeGreaterThan(5)
  clearInterval(timer)
  await runner.close()
})

test('AgentRunner with "backoff" rests when it stays idle', async () => {
  const { runner } = run('backoff', () => 0)
  runner.start()
  await delay(20)
  const before = process.cpuUsage()
  await delay(200)
  const used = process.cpuUsage(before)
  await runner.close()
  // A busy loop would use all of the 200 ms.
  expect((used.user + used.system) / 1000).toBeLessThan(80)
})

test('AgentRunner with "sleep-ns" parks after each turn, and the event loop goes on', async () => {
  const waits = vi.spyOn(Atomics, 'wait')
  const { promise: done, resolve } = deferred()
  const { runner } = run('sleep-ns', (turn) => {
    if (turn === 50) resolve()
    return 0
  })
  runner.start()
  await done
  // One that is over before it begins, as where another process took the core, is left out.
  expect(waits.mock.calls.length).toBeGreaterThan(25)
  await runner.close()
  waits.mockRestore()
})

test('AgentRunner with "backoff" sets no timer soon after work', async () => {
  const timers = vi.spyOn(globalThis, 'setTimeout')
  const timersAt: number[] = []
  const { promise: done, resolve } = deferred()
  const { runner } = run('backoff', (turn) => {
    timersAt[turn] = timers.mock.calls.length
    if (turn === 57) resolve()
    return turn === 40 ? 1 : 0
  })
  runner.start()
  await done
  await runner.close()
  timers.mockRestore()
  // 17 turns in a row after the one that worked; before it the agent rested.
  expect(timersAt[57]).toBe(timersAt[40])
  expect(timersAt[40]).toBeGreaterThan(timersAt[1]!)
})

test('AgentRunner closed by another runner in the same turn of the event loop does no more turns', async () => {
  const second = run('spin', () => 1)
  const first = run('spin', () => {
    void second.runner.close()
    return 1
  })
  first.runner.start()
  second.runner.start()
  await second.runner.terminated
  await delay(5)
  await first.runner.close()
  expect(second.turns()).toBe(0)
  expect(second.calls).toEqual(['close'])
})

test('AgentRunner that parks does not hold up one that works', async () => {
  const parked = run('sleep-ns', () => 0)
  const waits = vi.spyOn(Atomics, 'wait')
  const { promise: done, resolve } = deferred()
  let waitsBefore = -1
  const working = run('backoff', (turn) => {
    if (turn === 1) waitsBefore = waits.mock.calls.length
    if (turn === 20_000) resolve()
    return 1
  })
  parked.runner.start()
  working.runner.start()
  await done
  expect(waits.mock.calls.length).toBe(waitsBefore)
  expect(parked.turns()).toBeGreaterThan(0)
  await Promise.all([parked.runner.close(), working.runner.close()])
  waits.mockRestore()
})

test('AgentRunner goes on after errors, which the handler gets', async () => {
  const { runner, errors, turns } = run('sleep-ms', (turn) => {
    if (turn <= 2) throw new Error(`turn ${turn}`)
    return 0
  })
  runner.start()
  await vi.waitUntil(() => turns() > 2, 10_000)
  await runner.close()
  expect(errors).toEqual([new Error('turn 1'), new Error('turn 2')])
})

test('AgentRunner ends at an AgentTerminationError', async () => {
  const { runner, calls, errors, turns } = run('spin', (turn) => {
    if (turn === 3) throw new AgentTerminationError('enough', { isExpected: true })
    return 1
  })
  runner.start()
  await runner.terminated
  expect(turns()).toBe(3)
  expect(errors).toEqual([])
  expect(calls).toEqual(['start', 'close'])
  await runner.close()
  expect(calls).toEqual(['start', 'close'])
})

test('AgentRunner.close() by the agent itself ends the loop after that turn', async () => {
  const { runner, calls, turns } = run('spin', (turn, self) => {
    if (turn === 2) {
      void self.close()
      calls.push('still in the turn')
    }
    return 1
  })
  runner.start()
  await runner.terminated
  expect(turns()).toBe(2)
  expect(calls).toEqual(['start', 'still in the turn', 'close'])
})

test('AgentRunner.close() in onStart means that no turn is done', async () => {
  const { runner, turns, calls } = run('spin', () => 1, { onStart: () => void runner.close() })
  runner.start()
  await runner.terminated
  expect(turns()).toBe(0)
  expect(calls).toEqual(['close'])
})

test('AgentRunner.close() before start() closes the agent, which then cannot start', async () => {
  const { runner, calls, turns } = run('spin', () => 1)
  await runner.close()
  runner.start()
  await delay(5)
  expect(turns()).toBe(0)
  expect(calls).toEqual(['close'])
})

test('AgentRunner ends without a turn when onStart throws', async () => {
  const { runner, errors, turns } = run('spin', () => 1, {
    onStart: () => {
      throw new Error('no')
    },
  })
  runner.start()
  await runner.terminated
  expect(errors).toEqual([new Error('no')])
  expect(turns()).toBe(0)
})

test('AgentRunner.terminated rejects when the error handler throws, and the agent is closed', async () => {
  let closed = 0
  const runner = new AgentRunner(
    {
      roleName: 'broken',
      doWork: () => {
        throw new Error('turn')
      },
      onClose: () => void closed++,
    },
    {
      idleStrategy: new SleepingMillisIdleStrategy(),
      errorHandler: (error) => {
        throw new Error('handler', { cause: error })
      },
    },
  )
  runner.start()
  await expect(runner.terminated).rejects.toThrow('handler')
  expect(closed).toBe(1)
})

test('AgentRunner with "sleep-ms" parks by timers of that length', async () => {
  const turnsMs: number[] = []
  const runner = new AgentRunner(
    { roleName: 'slow', doWork: () => (turnsMs.push(performance.now()), 0) },
    { idleStrategy: new SleepingMillisIdleStrategy(20), errorHandler: () => {} },
  )
  const waits = vi.spyOn(Atomics, 'wait')
  runner.start()
  await vi.waitUntil(() => turnsMs.length > 4, 10_000)
  await runner[Symbol.asyncDispose]()
  expect(waits).not.toHaveBeenCalled()
  waits.mockRestore()
  expect(turnsMs[4]! - turnsMs[0]!).toBeGreaterThan(4 * 18)
})
