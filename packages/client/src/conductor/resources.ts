import type { Counter } from '../counter.ts'
import type { Publication } from '../publication/publication.ts'
import type { Subscription } from '../subscription/subscription.ts'

/** What the application has open, by registration id. */
export class Resources {
  readonly publications: Map<bigint, Publication> = new Map()
  /** Those on their way too: their images may be announced right behind their own answer. */
  readonly subscriptions: Map<bigint, Subscription> = new Map()
  readonly counters: Map<bigint, Counter> = new Map()
  /** By the id of the command, since the registration id is the application's and may be added twice. */
  readonly staticCounters: Map<bigint, Counter> = new Map()

  /** Whether a publication or subscription uses the channel with this status counter. */
  usesChannelStatus(channelStatusId: number): boolean {
    for (const publication of this.publications.values()) {
      if (publication.channelStatusId === channelStatusId) return true
    }
    for (const subscription of this.subscriptions.values()) {
      if (subscription.channelStatusId === channelStatusId) return true
    }
    return false
  }

  /** Forgets all of them and gives what there was. */
  takeAll(): {
    publications: Publication[]
    subscriptions: Subscription[]
    counters: Counter[]
    staticCounters: Counter[]
  } {
    const all = {
      publications: [...this.publications.values()],
      subscriptions: [...this.subscriptions.values()],
      counters: [...this.counters.values()],
      staticCounters: [...this.staticCounters.values()],
    }
    this.publications.clear()
    this.subscriptions.clear()
    this.counters.clear()
    this.staticCounters.clear()
    return all
  }
}
