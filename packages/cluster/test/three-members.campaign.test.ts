import { expect, test } from 'vitest'
import { runCampaign } from './support/ledger/campaign.ts'
import { LedgerCluster } from './support/ledger/ledger-cluster.ts'
import * as scenarios from './support/ledger/scenarios.ts'

test('three members go through everything', async () => {
  await using cluster = await LedgerCluster.launch('campaign', { hasOracle: true })
  const rounds = Object.entries(scenarios).map(([name, scenario]) => [name, () => scenario(cluster)] as const)
  const counts = await runCampaign(cluster, rounds)
  expect(counts.size).toBe(rounds.length)
})
