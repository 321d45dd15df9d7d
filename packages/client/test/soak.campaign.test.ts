import { launchMediaDriver, type MediaDriverProcess } from '@x/aeron-tooling'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaignMinutes, print } from './support/campaign/campaign-time.ts'
import { expectNoGrowth, runSoak } from './support/soak/run-soak.ts'

let driver: MediaDriverProcess

beforeAll(async () => {
  driver = await launchMediaDriver()
})

afterAll(async () => {
  await driver?.close()
})

test.each([
  ['publications', 100_000],
  ['counters', 1_000],
  ['streams', 10_000],
  ['clients', 100],
] as const)('%s, %i of them opened and closed, and nothing grows', async (kind, amount) => {
  const report = await runSoak(driver.aeronDirectory, kind, amount)
  print(`${amount} ${kind}: ${JSON.stringify(report)}`)
  expect(report.rounds).toBe(amount)
  expectNoGrowth(report, 40_000)
})

test('publications, subscriptions, counters and clients come and go for minutes, and nothing grows', async () => {
  const report = await runSoak(driver.aeronDirectory, 'mixed', campaignMinutes() * 60)
  print(`mixed: ${JSON.stringify(report)}`)
  expect(report.rounds).toBeGreaterThan(0)
  expectNoGrowth(report, 40_000)
})
