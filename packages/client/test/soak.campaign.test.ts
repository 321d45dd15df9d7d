import { launchMediaDriver } from '@x/aeron-tooling'
import { expect, test } from 'vitest'
import { campaignMinutes, print } from './support/campaign/campaign-time.ts'
import { expectNoGrowth, runSoak } from './support/soak/run-soak.ts'

test('publications, subscriptions, counters and clients come and go for minutes, and nothing grows', async () => {
  await using driver = await launchMediaDriver()
  const report = await runSoak(driver.aeronDirectory, 'mixed', campaignMinutes() * 60)
  print(JSON.stringify(report))
  expect(report.rounds).toBeGreaterThan(0)
  expectNoGrowth(report, 40_000)
})
