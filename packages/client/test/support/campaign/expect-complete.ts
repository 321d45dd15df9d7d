import { expect } from 'vitest'
import type { Campaign, CampaignResult } from './run-campaign.ts'

/** Every committed message once, in order, whole; and of a publisher that was killed nothing but those, and the one it was at. */
export function expectComplete(campaign: Campaign, result: CampaignResult): void {
  expect(result.faults).toEqual([])
  const endings = [
    ...(campaign.processes ?? []),
    ...Array.from({ length: campaign.threads ?? 0 }, () => 'finish' as const),
    ...(campaign.javas ?? []),
  ]
  for (const [publisher, ending] of endings.entries()) {
    const received = result.received[publisher]!
    const committed = result.committed[publisher]!
    if (publisher < (campaign.killsAfterMs ?? []).length) {
      // Killed between the commit and the note of it.
      expect(received - committed, `publisher ${publisher}`).toBeOneOf([0, 1])
    } else {
      const last = ending === 'finish' ? campaign.count : Math.floor(campaign.count / 2)
      expect([received, committed], `publisher ${publisher}`).toEqual([last, last])
    }
  }
}
