import type { LedgerCluster } from './ledger-cluster.ts'

/** How long. */
const MINUTES = Number(process.env['CAMPAIGN_MINUTES'] ?? 5)
/** In which order. */
const SEED = Number(process.env['CAMPAIGN_SEED'] ?? Date.now() % 1_000_000)

/** Names of the only things to happen, with commas, to look into one of them. */
const ONLY = process.env['CAMPAIGN_ONLY']?.split(',')

/** One thing that can happen. */
export type Round = readonly [name: string, run: () => Promise<void>]

/** Those that CAMPAIGN_ONLY names; all without it. */
export function selected(rounds: readonly Round[]): readonly Round[] {
  return rounds.filter(([name]) => ONLY === undefined || ONLY.includes(name))
}

/** Numbers below a limit, the same for the same seed. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % limit
  }
}

/**
 * Lets things happen to a cluster, each once and then in the order of a seed, for CAMPAIGN_MINUTES; after each the members are compared with
 * each other, with what the clients know, and with the log on the disk of each. Prints what happened, and returns how often each did.
 */
export async function runCampaign(
  cluster: LedgerCluster,
  scenarios: readonly Round[],
): Promise<ReadonlyMap<string, number>> {
  process.stdout.write(`seed ${SEED}, ${MINUTES} minutes\n`)
  const random = randomOf(SEED)
  const counts = new Map<string, number>()
  const end = Date.now() + MINUTES * 60_000
  for (let round = 0; round < scenarios.length || Date.now() < end; round++) {
    const [name, run] = scenarios[round < scenarios.length ? round : random(scenarios.length)] ?? ['none']
    const begin = Date.now()
    try {
      await run?.()
      const tally = await cluster.checkWhole()
      await cluster.checkDisk()
      counts.set(name, (counts.get(name) ?? 0) + 1)
      const seconds = ((Date.now() - begin) / 1_000).toFixed(1)
      process.stdout.write(`${round} ${name} in ${seconds} s: ${JSON.stringify(tally)}\n`)
    } catch (error) {
      throw new Error(`round ${round} of seed ${SEED}, ${name}`, { cause: error })
    }
  }
  process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`)
  return counts
}
