import { expect, test } from 'vitest'
import { runCampaign, selected } from './support/ledger/campaign.ts'
import { LedgerCluster } from './support/ledger/ledger-cluster.ts'
import { MIXED_SCENARIOS } from './support/ledger/mixed-scenarios.ts'
import { NodeService } from './support/ledger/service-process.ts'

test('members with Java and TypeScript services go through everything, each leading and following', async () => {
  const languages = ['typescript', 'java', 'typescript'] as const
  await using cluster = await LedgerCluster.launch('mixed-campaign', { languages, hasOracle: true })
  const led = new Set<string>()
  const rounds = selected(
    Object.entries(MIXED_SCENARIOS).map(([name, run]) => [
      name,
      async () => {
        const service = cluster.service(await cluster.leader())
        led.add(service instanceof NodeService ? 'typescript' : 'java')
        await run(cluster)
      },
    ]),
  )
  const counts = await runCampaign(cluster, rounds)
  expect(counts.size).toBe(rounds.length)
  expect([...led].toSorted()).toEqual(['java', 'typescript'])
})
