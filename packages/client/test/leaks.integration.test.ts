import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Aeron } from '@x/client'
import { expectNoGrowth, runSoak } from './support/soak/run-soak.ts'

let driver: MediaDriverProcess

beforeAll(async () => {
  driver = await launchMediaDriver()
})

afterAll(async () => {
  await driver?.close()
})

test.each([
  ['publications', 1_000],
  ['counters', 1_000],
  ['streams', 50],
  ['clients', 10],
] as const)('%s, %i of them opened and closed, leave nothing behind', async (kind, amount) => {
  const report = await runSoak(driver.aeronDirectory, kind, amount)
  expect(report.rounds).toBe(amount)
  expectNoGrowth(report, 30_000)
})

test('1,000 counters and 200 publications are open at once, and all go with their client', async () => {
  const aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const { countersReader } = aeron
  const countMine = (): number => {
    let count = 0
    countersReader.forEach((_id, typeId) => (count += typeId === 1_002 ? 1 : 0))
    return count
  }
  const counters = await Promise.all(
    Array.from({ length: 1_000 }, (_, i) => aeron.addCounter(1_002, { label: `counter ${i}` })),
  )
  expect(new Set(counters.map(({ id }) => id)).size).toBe(1_000)
  expect(countMine()).toBe(1_000)
  const publications = await Promise.all(
    Array.from({ length: 200 }, (_, i) => aeron.addPublication('aeron:ipc?term-length=64k', i)),
  )
  expect(new Set(publications.map(({ sessionId }) => sessionId)).size).toBe(200)
  aeron.close()
  expect(counters.every(({ isClosed }) => isClosed) && publications.every(({ isClosed }) => isClosed)).toBe(
    true,
  )
})
