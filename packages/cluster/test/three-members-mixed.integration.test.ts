import { expect, test } from 'vitest'
import { LedgerCluster } from './support/ledger/ledger-cluster.ts'
import { killLeader } from './support/ledger/scenarios.ts'

test('Java and TypeScript services on one cluster have equal ledgers, whoever leads and dies', async () => {
  const languages = ['typescript', 'java', 'typescript'] as const
  await using cluster = await LedgerCluster.launch('mixed-members-test', { languages })
  const led = new Set<string | undefined>()
  let entries = 0
  for (let round = 0; round < 2; round++) {
    led.add(languages[(await cluster.leader()).memberId])
    await killLeader(cluster)
    const tally = await cluster.checkWhole()
    expect(tally.entries).toBeGreaterThan(entries)
    entries = tally.entries
  }
  led.add(languages[(await cluster.leader()).memberId])
  expect(led).toContain('typescript')
})
