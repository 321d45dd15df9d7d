import { expect, test } from 'vitest'
import { hostileControl, hostileLog, hostileSnapshot } from '../../test/support/hostile-bytes.ts'

// Millions of them: hostile-bytes.campaign.test.ts.
const ROUNDS = 10_000

for (const hostile of [hostileControl, hostileLog, hostileSnapshot]) {
  test(
    `${hostile.name}: mutated bytes are read, or refused with one typed error`,
    { timeout: 30_000 },
    () => {
      const { refused } = hostile(ROUNDS, 1)
      expect(refused).toBeGreaterThan(ROUNDS / 10)
      expect(refused).toBeLessThan(ROUNDS)
    },
  )
}
