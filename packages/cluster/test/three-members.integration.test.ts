import { afterAll, beforeAll, expect, test } from 'vitest'
import { LedgerCluster, type Tally } from './support/ledger/ledger-cluster.ts'
import {
  killLeader,
  killServiceAlone,
  pauseServiceBriefly,
  pauseServiceForLong,
  snapshotAndKillAll,
  type Scenario,
} from './support/ledger/scenarios.ts'

// Three real consensus modules, TypeScript services in processes of their own, load all the time. The rest, and all of it again and again, is
// in three-members.campaign.test.ts.
let cluster: LedgerCluster
let entries = 0

beforeAll(async () => {
  cluster = await LedgerCluster.launch('three-members-test')
})

afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
})

async function tallyAfter(scenario: Scenario): Promise<Tally> {
  await scenario(cluster)
  return cluster.checkWhole()
}

for (const [what, scenario] of [
  ['the leader is killed under load and comes back', killLeader],
  ['a service stands still for less than the timeout', pauseServiceBriefly],
  ['a snapshot is taken under load, all are killed, and start from it', snapshotAndKillAll],
  ['a service stands still for longer than the timeout', pauseServiceForLong],
  ['a service process alone is killed, and refused while its mark file is active', killServiceAlone],
] as const) {
  test(`${what}: equal ledgers with all that was answered`, async () => {
    const tally = await tallyAfter(scenario)
    expect(tally.entries).toBeGreaterThan(entries)
    entries = tally.entries
  })
}
