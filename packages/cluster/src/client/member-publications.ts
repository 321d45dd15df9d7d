import type { Publication } from '@x/client'
import { ingressChannelOf, type IngressEndpoints } from './ingress-endpoints.ts'
import type { PublicationAttempt } from './publication-attempt.ts'

interface Member {
  /** Undefined for an ingress channel that is complete and belongs to no member in particular. */
  readonly endpoint: string | undefined
  readonly attempt: PublicationAttempt
}

/** The publications of a connect: one for each member, or a single one where the channel is complete. */
export class MemberPublications {
  readonly #channel: string
  readonly #add: (channel: string) => PublicationAttempt
  readonly #errors: Error[] = []
  #members = new Map<number, Member>()

  /**
   * @param channel the ingress channel, a template where there are endpoints
   * @param add makes the attempt to add a publication
   */
  constructor(channel: string, add: (channel: string) => PublicationAttempt) {
    this.#channel = channel
    this.#add = add
  }

  /** Refusals so far, the temporary ones included. */
  get errors(): readonly Error[] {
    const temporary = [...this.#members.values()].flatMap((member) => member.attempt.lastError ?? [])
    return [...this.#errors, ...temporary]
  }

  /** Whether no member is left that could still answer. */
  get isExhausted(): boolean {
    return this.#members.size === 0
  }

  /** Begins with one publication for each member, or with the single one. */
  start(endpoints: IngressEndpoints | undefined): void {
    if (endpoints === undefined) {
      this.#members.set(0, { endpoint: undefined, attempt: this.#add(this.#channel) })
      return
    }
    for (const [memberId, endpoint] of endpoints) this.#addMember(memberId, endpoint)
  }

  /** Keeps only the leader: its publication too when its endpoint is the same as before. */
  redirect(leaderMemberId: number, endpoints: IngressEndpoints): void {
    const endpoint = endpoints.get(leaderMemberId)
    for (const [memberId, member] of this.#members) {
      if (memberId === leaderMemberId && member.endpoint === endpoint) continue
      member.attempt.close()
      this.#members.delete(memberId)
    }
    if (endpoint !== undefined && this.#members.size === 0) this.#addMember(leaderMemberId, endpoint)
  }

  /** The first publication that is connected. A member whose publication the driver refuses is left out from then on. */
  findConnected(): Publication | undefined {
    for (const [memberId, member] of this.#members) {
      try {
        const publication = member.attempt.poll()
        if (publication?.isConnected === true) return publication
      } catch (error) {
        this.#errors.push(error instanceof Error ? error : new Error(String(error)))
        this.#members.delete(memberId)
      }
    }
    return undefined
  }

  /** Closes all publications but `keep`. */
  closeExcept(keep: Publication | undefined): void {
    for (const member of this.#members.values()) {
      if (keep === undefined || member.attempt.publication !== keep) member.attempt.close()
    }
    this.#members.clear()
  }

  #addMember(memberId: number, endpoint: string): void {
    this.#members.set(memberId, {
      endpoint,
      attempt: this.#add(ingressChannelOf(this.#channel, endpoint)),
    })
  }
}
