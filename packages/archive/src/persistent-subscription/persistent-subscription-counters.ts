import type { Aeron, Counter } from '@x/client'
import type { ResolvedPersistentSubscriptionOptions } from './persistent-subscription-options.ts'

/** Types of the counters. Protocol: Aeron's AeronCounters. */
const COUNTERS = [
  ['state', 114, 'Persistent Subscription State'],
  ['joinDifference', 115, 'Persistent Subscription Join Difference'],
  ['liveLeft', 116, 'Persistent Subscription Live Left Count'],
  ['liveJoined', 117, 'Persistent Subscription Live Joined Count'],
] as const

/** Longest label. Protocol: Aeron's counters. */
const MAX_LABEL_LENGTH = 380
/** Value of the join difference while it is not known. Protocol: Aeron's PersistentSubscription. */
const UNKNOWN_DIFFERENCE = -(2n ** 63n)

type CounterName = (typeof COUNTERS)[number][0]

/** The counters that show every process on the driver how a persistent subscription fares. They come when the driver gives them, without a wait. */
export class PersistentSubscriptionCounters {
  readonly #aeron: Aeron
  readonly #values = { state: 0n, joinDifference: UNKNOWN_DIFFERENCE, liveLeft: 0n, liveJoined: 0n }
  readonly #pending = new Map<CounterName, bigint>()
  readonly #counters = new Map<CounterName, Counter>()

  constructor(aeron: Aeron, options: ResolvedPersistentSubscriptionOptions) {
    this.#aeron = aeron
    const { replayStreamId, replayChannel, liveStreamId, liveChannel } = options
    for (const [name, typeId, title] of COUNTERS) {
      const label = `${title}: ${replayStreamId} ${replayChannel} ${liveStreamId} ${liveChannel}`
      this.#pending.set(name, aeron.asyncAddCounter(typeId, { label: label.slice(0, MAX_LABEL_LENGTH) }))
    }
  }

  /** Looks for the counters that the driver has added. Throws AeronError if it refuses one; the others are not affected. */
  poll(): void {
    if (this.#pending.size === 0) return
    for (const [name, registrationId] of this.#pending) {
      this.#pending.delete(name)
      const counter = this.#aeron.getCounter(registrationId)
      if (counter === undefined) {
        this.#pending.set(name, registrationId)
        return
      }
      counter.setRelease(this.#values[name])
      this.#counters.set(name, counter)
    }
  }

  setState(code: number): void {
    this.#set('state', BigInt(code))
  }

  /** @param difference bytes that the live stream is ahead of the replay; undefined while that is not known */
  setJoinDifference(difference: number | undefined): void {
    this.#set('joinDifference', difference === undefined ? UNKNOWN_DIFFERENCE : BigInt(difference))
  }

  onLiveJoined(): void {
    this.#set('liveJoined', this.#values.liveJoined + 1n)
  }

  onLiveLeft(): void {
    this.#set('liveLeft', this.#values.liveLeft + 1n)
  }

  close(): void {
    if (this.#aeron.isClosed) return
    for (const registrationId of this.#pending.values()) this.#aeron.asyncRemoveCounter(registrationId)
    for (const counter of this.#counters.values()) counter.close()
    this.#pending.clear()
  }

  #set(name: CounterName, value: bigint): void {
    this.#values[name] = value
    this.#counters.get(name)?.setRelease(value)
  }
}
