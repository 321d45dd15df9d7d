import { expect, test } from 'vitest'
import { hostileControl, hostileLog, hostileSnapshot } from './support/hostile-bytes.ts'

// CAMPAIGN_MINUTES: how long, in all; CAMPAIGN_SEED: the first of the seeds.
const MINUTES = Number(process.env['CAMPAIGN_MINUTES'] ?? 5)
const SEED = Number(process.env['CAMPAIGN_SEED'] ?? Date.now() % 1_000_000)
const ROUNDS = 100_000

for (const hostile of [hostileControl, hostileLog, hostileSnapshot]) {
  test(`${hostile.name} for ${MINUTES / 3} minutes from seed ${SEED}`, () => {
    const end = Date.now() + (MINUTES / 3) * 60_000
    let rounds = 0
    let refused = 0
    for (let seed = SEED; seed === SEED || Date.now() < end; seed++) {
      const outcome = hostile(ROUNDS, seed)
      rounds += outcome.rounds
      refused += outcome.refused
    }
    process.stdout.write(`${hostile.name}: ${rounds} mutated, ${refused} refused, seeds from ${SEED}\n`)
    expect(refused).toBeGreaterThan(0)
  })
}
