import { expect, test } from 'vitest'
import { LITMUS_CASES } from './support/litmus/litmus-cases.ts'
import { type LitmusAgents, runLitmus } from './support/litmus/run-litmus.ts'

/** A busy machine may not let the agents run side by side: then nothing has been tested, and another try is due. */
const TRIES = 6

/** Adds up runs until the accesses that promise nothing have been seen to fail, which shows that the run could tell. */
async function runUntilTelling(kind: LitmusAgents): Promise<{ violated: string[]; telling: string[] }> {
  const violated: string[] = []
  const telling: string[] = []
  for (let i = 0; i < TRIES && telling.length === 0; i++) {
    const results = await runLitmus(kind)
    for (const { name, isPromised } of LITMUS_CASES) {
      if (results.get(name) !== 0) (isPromised ? violated : telling).push(name)
    }
  }
  return { violated, telling }
}

const KINDS: LitmusAgents[] = ['threads', 'processes']
// Maglev, which takes more liberties than the compiler after it, is on from Node.js 24. Without it such a run tests what is not compiled at all, for a minute.
if (Number.parseInt(process.versions.node) >= 24) KINDS.push('processes without TurboFan')

// Two agents on one mapped file, without a driver: every ordering that AtomicBuffer claims, where it would be broken.
for (const kind of KINDS) {
  test(`the orderings that buffers claim hold between ${kind}`, async () => {
    const { violated, telling } = await runUntilTelling(kind)
    expect(violated).toEqual([])
    expect(telling).not.toEqual([])
  })
}
