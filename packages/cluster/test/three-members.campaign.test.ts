import { expect, test } from 'vitest'
import { LedgerCluster } from './support/ledger/ledger-cluster.ts'
import * as scenarios from './support/ledger/scenarios.ts'

// CAMPAIGN_MINUTES: how long; CAMPAIGN_SEED: which order.
const MINUTES = Number(process.env['CAMPAIGN_MINUTES'] ?? 5)
const SEED = Number(process.env['CAMPAIGN_SEED'] ?? Date.now() % 1_000_000)

/** Numbers below a limit, the same for the same seed. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
}

test(`three members go through everything for ${MINUTES} minutes, seed ${SEED}`, async () => {
  const random = randomOf(SEED)
  const all = Object.entries(scenarios)
  const counts = new Map<string, number>()
  await using cluster = await LedgerCluster.launch('campaign')
  const end = Date.now() + MINUTES * 60_000
  for (let round = 0; round < all.length || Date.now() < end; round++) {
    // Each once, then any.
    const [name, scenario] = all[round < all.length ? round : random(all.length)] ?? ['none', undefined]
    const begin = Date.now()
    try {
      await scenario?.(cluster)
      const tally = await cluster.checkWhole()
      counts.set(name, (counts.get(name) ?? 0) + 1)
      process.stdout.write(
        `${name} in ${((Date.now() - begin) / 1_000).toFixed(1)} s: ${JSON.stringify(tally)}\n`,
      )
    } catch (error) {
      throw new Error(`round ${round} of seed ${SEED}, ${name}`, { cause: error })
    }
  }
  process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`)
  expect(counts.size).toBe(all.length)
})
