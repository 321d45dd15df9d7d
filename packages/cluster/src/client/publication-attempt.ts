import type { Aeron, Publication } from '@x/client'
import { isTemporary } from '../temporary-refusal.ts'

/** What {@link PublicationAttempt} needs of the Aeron client. */
export type PublicationAdder = Pick<
  Aeron,
  | 'asyncAddPublication'
  | 'asyncAddExclusivePublication'
  | 'getPublication'
  | 'getExclusivePublication'
  | 'asyncRemovePublication'
>

/** A publication on its way: added without waiting, and added again when the driver has no room for the moment. */
export class PublicationAttempt {
  readonly #aeron: PublicationAdder
  readonly #channel: string
  readonly #streamId: number
  readonly #isExclusive: boolean
  #registrationId: bigint | undefined = undefined
  #publication: Publication | undefined = undefined
  #lastError: Error | undefined = undefined

  constructor(aeron: PublicationAdder, channel: string, streamId: number, isExclusive: boolean) {
    this.#aeron = aeron
    this.#channel = channel
    this.#streamId = streamId
    this.#isExclusive = isExclusive
  }

  /** The last temporary refusal of the driver. */
  get lastError(): Error | undefined {
    return this.#lastError
  }

  /** The publication, without a step towards it. */
  get publication(): Publication | undefined {
    return this.#publication
  }

  /**
   * The publication as soon as the driver has answered.
   *
   * @throws AeronError REGISTRATION_FAILED when the driver refuses for good
   */
  poll(): Publication | undefined {
    if (this.#publication !== undefined) return this.#publication
    this.#registrationId ??= this.#add()
    try {
      this.#publication = this.#get(this.#registrationId)
    } catch (error) {
      this.#registrationId = undefined
      if (!isTemporary(error)) throw error
      this.#lastError = error
    }
    return this.#publication
  }

  /** Gives back what was added, answered or not. */
  close(): void {
    this.#publication?.close()
    if (this.#publication === undefined && this.#registrationId !== undefined) {
      this.#aeron.asyncRemovePublication(this.#registrationId)
    }
    this.#publication = undefined
    this.#registrationId = undefined
  }

  #add(): bigint {
    return this.#isExclusive
      ? this.#aeron.asyncAddExclusivePublication(this.#channel, this.#streamId)
      : this.#aeron.asyncAddPublication(this.#channel, this.#streamId)
  }

  #get(registrationId: bigint): Publication | undefined {
    return this.#isExclusive
      ? this.#aeron.getExclusivePublication(registrationId)
      : this.#aeron.getPublication(registrationId)
  }
}
