import { expect, test } from 'vitest'
import { runCampaign, selected } from './support/ledger/campaign.ts'
import { LedgerCluster } from './support/ledger/ledger-cluster.ts'
import * as scenarios from './support/ledger/partition-scenarios.ts'
import { PartitionedNetwork } from './support/partitioned-network.ts'

// Needs root and nftables; where that is not given it fails and says so.
test('three members on networks that part go through everything', async () => {
  using network = await PartitionedNetwork.create(4)
  await using cluster = await LedgerCluster.launch('partitions', { hosts: network.hosts, hasOracle: true })
  const rounds = selected(Object.entries(scenarios).map(([name, run]) => [name, () => run(cluster, network)]))
  const counts = await runCampaign(cluster, rounds)
  expect(counts.size).toBe(rounds.length)
})
