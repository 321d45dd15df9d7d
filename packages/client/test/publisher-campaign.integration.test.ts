import { expect, test } from 'vitest'
import { expectComplete } from './support/campaign/expect-complete.ts'
import { type Campaign, runCampaign } from './support/campaign/run-campaign.ts'

// The short form; `pnpm test:campaign` runs the long one. Terms of 64 KiB, messages of up to the longest there can be, each published in one
// of the ways there are, aborted claims between them.

test('two processes and two threads publish to one stream: all comes once, in order, whole', async () => {
  const campaign: Campaign = { processes: ['finish', 'finish'], threads: 2, count: 4_000, timeoutMs: 150_000 }
  const result = await runCampaign(campaign)
  expectComplete(campaign, result)
  expect(result.rotations).toBeGreaterThan(200)
})

test('publishers that die inside a claim are got over by the driver, and nothing committed is lost', async () => {
  const campaign: Campaign = {
    processes: ['die-claimed', 'die-reserved', 'die-tripped', 'finish'],
    count: 4_000,
    timeoutMs: 150_000,
  }
  const result = await runCampaign(campaign)
  expectComplete(campaign, result)
  expect(result.unblocked).toBeGreaterThanOrEqual(3)
})

test('publishers in Java and in JavaScript share a stream, and deaths on both sides', async () => {
  const campaign: Campaign = {
    processes: ['finish', 'die-claimed'],
    javas: ['finish', 'die-claimed'],
    count: 4_000,
    timeoutMs: 150_000,
  }
  const result = await runCampaign(campaign)
  expectComplete(campaign, result)
  expect(result.unblocked).toBeGreaterThanOrEqual(2)
})
