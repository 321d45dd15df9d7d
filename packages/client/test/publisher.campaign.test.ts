import { expect, test } from 'vitest'
import { campaignMinutes, print } from './support/campaign/campaign-time.ts'
import { expectComplete } from './support/campaign/expect-complete.ts'
import { type Campaign, type CampaignResult, runCampaign } from './support/campaign/run-campaign.ts'

const COUNT = 100_000
const TIMEOUT_MS = 600_000

/** One of each kind, in turn, until time is up. */
const CAMPAIGNS: readonly (readonly [string, Campaign])[] = [
  ['2 processes', { processes: ['finish', 'finish'], count: COUNT, timeoutMs: TIMEOUT_MS }],
  [
    '4 processes',
    { processes: ['finish', 'finish', 'finish', 'finish'], count: COUNT, timeoutMs: TIMEOUT_MS },
  ],
  ['4 threads', { threads: 4, count: COUNT, timeoutMs: TIMEOUT_MS }],
  [
    'deaths in claims',
    {
      processes: ['die-claimed', 'die-reserved', 'die-tripped', 'finish'],
      count: COUNT / 5,
      timeoutMs: TIMEOUT_MS,
    },
  ],
  [
    'kills anywhere',
    {
      processes: ['finish', 'finish', 'finish', 'finish'],
      killsAfterMs: [2_000, 3_500, 5_000],
      count: COUNT,
      timeoutMs: TIMEOUT_MS,
    },
  ],
  [
    'with Java',
    {
      processes: ['finish', 'die-claimed'],
      threads: 1,
      javas: ['finish', 'die-claimed'],
      count: COUNT / 2,
      timeoutMs: TIMEOUT_MS,
    },
  ],
]

function line(name: string, result: CampaignResult): string {
  const messages = result.received.reduce((sum, count) => sum + count, 0)
  return (
    `${name}: ${messages} messages in ${Math.round(result.durationMs)} ms, ${result.rotations} rotations, ` +
    `${result.unblocked} unblocked, faults ${result.faults.length}`
  )
}

test('many publishers on one stream: nothing committed is lost, doubled, reordered or torn', async () => {
  const endMs = performance.now() + campaignMinutes() * 60_000
  let rounds = 0
  do {
    for (const [name, campaign] of CAMPAIGNS) {
      const result = await runCampaign(campaign)
      print(line(name, result))
      expectComplete(campaign, result)
    }
    rounds++
  } while (performance.now() < endMs)
  expect(rounds).toBeGreaterThan(0)
})
