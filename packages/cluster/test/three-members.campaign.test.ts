import { expect, test } from 'vitest'
import { runCampaign, selected } from './support/ledger/campaign.ts'
import { LedgerCluster } from './support/ledger/ledger-cluster.ts'
import { SCENARIOS } from './support/ledger/scenarios.ts'

test('three members go through everything', async () => {
  await using cluster = await LedgerCluster.launch('campaign', { hasOracle: true })
  const rounds = selected(Object.entries(SCENARIOS).map(([name, run]) => [name, () => run(cluster)]))
  const counts = await runCampaign(cluster, rounds)
  expect(counts.size).toBe(rounds.length)
})
