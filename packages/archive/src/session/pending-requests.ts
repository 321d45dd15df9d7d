import { isRetryable } from '@x/client'
import { ControlResponseCode } from '@x/codecs/archive'
import type { ControlResponse } from './control-response-adapter.ts'
import type { AnyDescriptor, PendingRequest, RequestKind } from './pending-request.ts'

/** What {@link PendingRequests} counts time with. */
export interface RequestClock {
  /** Monotonic time in milliseconds. */
  readonly nowMs: () => number
  /** How long an answer may take, in milliseconds. */
  readonly messageTimeoutMs: number
}

/**
 * The requests of a control session that have no answer yet: those that wait to be sent, in their order, and those that were.
 * The archive takes one listing at a time, so listings wait for one another, also for one that was given up: the archive goes on with it. Nothing else waits
 * for a listing.
 */
export class PendingRequests {
  readonly #clock: RequestClock
  readonly #byId = new Map<bigint, PendingRequest>()
  readonly #abandoned = new Set<PendingRequest>()
  #unsent: PendingRequest[] = []
  // The listing that the archive is at.
  #listing: PendingRequest | undefined = undefined

  constructor(clock: RequestClock) {
    this.#clock = clock
  }

  /** Whether requests wait to be sent, other than listings that wait for one another. */
  get hasUnsent(): boolean {
    return this.#unsent.some((request) => !this.#waitsForListing(request))
  }

  /** A request whose answer is awaited from now on; it is sent by {@link send} once it was given to {@link enqueue}. */
  add(action: string, message: Uint8Array, correlationId: bigint, kind: RequestKind): PendingRequest {
    const { descriptorLimit = 0, onLateOk } = kind
    const { isListing = descriptorLimit > 0 } = kind
    const request: PendingRequest = {
      correlationId,
      action,
      message,
      deadlineMs: this.#newDeadline(),
      missingDescriptors: descriptorLimit,
      isListing,
      onLateOk,
      descriptors: [],
      isAnswered: false,
      isAbandoned: false,
      response: undefined,
    }
    this.#byId.set(correlationId, request)
    return request
  }

  /** Puts a request at the end of those that wait to be sent. */
  enqueue(request: PendingRequest): void {
    this.#unsent.push(request)
  }

  /** Sends what can be sent. Returns how many requests went out, or -1 when `offer` says that none ever will. */
  send(offer: (message: Uint8Array) => number): number {
    this.#expire()
    let sent = 0
    let index = 0
    for (let next = this.#unsent[0]; next !== undefined; next = this.#unsent[index]) {
      if (this.#waitsForListing(next)) {
        index++
        continue
      }
      if (next.message !== undefined) {
        const result = offer(next.message)
        if (isRetryable(result)) break
        if (result < 0) return -1
        this.#onSent(next)
      }
      this.#unsent.splice(index, 1)
      sent++
    }
    return sent
  }

  /** Whether the answer should have come by now. That another listing takes its time is no fault of one that waits for it. */
  isOverdue(request: PendingRequest): boolean {
    return !this.#waitsForListing(request) && this.#clock.nowMs() > request.deadlineMs
  }

  /** Takes an answer; gives whether it is that of a request here. */
  take(response: ControlResponse): boolean {
    const request = this.#byId.get(response.correlationId)
    if (request === undefined) return false
    request.response = response
    this.#onAnswered(request)
    if (request.isAbandoned) this.#takeBack(request)
    return true
  }

  /** Takes a part of the answer to a listing, which restarts its timeout. */
  takeDescriptor(correlationId: bigint, descriptor: AnyDescriptor): void {
    const request = this.#byId.get(correlationId)
    if (request === undefined) return
    if (!request.isAbandoned) request.descriptors.push(descriptor)
    request.deadlineMs = this.#newDeadline()
    request.missingDescriptors--
    if (request.missingDescriptors === 0) this.#onAnswered(request)
  }

  /** Nobody waits for the answer any more, which may have come already without being looked at. */
  abandon(request: PendingRequest): void {
    if (request.isAnswered) {
      this.#takeBack(request)
      return
    }
    const isSent = request.message === undefined
    if (isSent && (request.isListing || request.onLateOk !== undefined)) {
      request.isAbandoned = true
      this.#abandoned.add(request)
      return
    }
    this.#remove(request)
    if (!isSent) this.#unsent = this.#unsent.filter((other) => other !== request)
  }

  #waitsForListing({ isListing, message }: PendingRequest): boolean {
    return isListing && message !== undefined && this.#listing !== undefined
  }

  #onSent(request: PendingRequest): void {
    request.message = undefined
    if (!request.isListing) return
    this.#listing = request
    request.deadlineMs = this.#newDeadline()
  }

  #takeBack({ response, onLateOk }: PendingRequest): void {
    if (response?.code === ControlResponseCode.OK) onLateOk?.(response.relevantId)
  }

  #onAnswered(request: PendingRequest): void {
    request.isAnswered = true
    this.#remove(request)
  }

  #remove(request: PendingRequest): void {
    this.#byId.delete(request.correlationId)
    this.#abandoned.delete(request)
    if (this.#listing === request) this.#listing = undefined
  }

  // An archive that has told nothing of a listing for so long will not go on with it; a late OK may come a while longer.
  #expire(): void {
    if (this.#listing === undefined && this.#abandoned.size === 0) return
    const nowMs = this.#clock.nowMs()
    if (this.#listing !== undefined && nowMs > this.#listing.deadlineMs) this.#listing = undefined
    for (const request of this.#abandoned) {
      if (nowMs > request.deadlineMs + this.#clock.messageTimeoutMs) this.#remove(request)
    }
  }

  #newDeadline(): number {
    return this.#clock.nowMs() + this.#clock.messageTimeoutMs
  }
}
