import {
  isAeronError,
  type Aeron,
  type ConcurrentPublication,
  type ExclusivePublication,
  type Subscription,
} from '@x/client'
import type { RequestSteps } from './archive-request.ts'

/** Called with each temporary refusal of the driver, after which the registration is tried again. */
export type RefusalHandler = (error: Error) => void

/**
 * Adds a subscription without blocking. If the steps are abandoned, the pending registration is removed.
 *
 * @throws AeronError REGISTRATION_FAILED if the refusal is not temporary; UNHANDLED_ERROR for what a callback of the Aeron client threw before, if that has no error handler
 */
export function* subscriptionSteps(
  aeron: Aeron,
  channel: string,
  streamId: number,
  onRefused: RefusalHandler,
): RequestSteps<Subscription> {
  return yield* registrationSteps<Subscription>(
    {
      add: () => aeron.asyncAddSubscription(channel, streamId),
      get: (id) => aeron.getSubscription(id),
      remove: (id) => aeron.asyncRemoveSubscription(id),
    },
    onRefused,
  )
}

/** Like {@link subscriptionSteps}, for an exclusive publication. */
export function* exclusivePublicationSteps(
  aeron: Aeron,
  channel: string,
  streamId: number,
  onRefused: RefusalHandler,
): RequestSteps<ExclusivePublication> {
  return yield* registrationSteps<ExclusivePublication>(
    {
      add: () => aeron.asyncAddExclusivePublication(channel, streamId),
      get: (id) => aeron.getExclusivePublication(id),
      remove: (id) => aeron.asyncRemovePublication(id),
    },
    onRefused,
  )
}

/** Like {@link subscriptionSteps}, for a concurrent publication. */
export function* publicationSteps(
  aeron: Aeron,
  channel: string,
  streamId: number,
  onRefused: RefusalHandler,
): RequestSteps<ConcurrentPublication> {
  return yield* registrationSteps<ConcurrentPublication>(
    {
      add: () => aeron.asyncAddPublication(channel, streamId),
      get: (id) => aeron.getPublication(id),
      remove: (id) => aeron.asyncRemovePublication(id),
    },
    onRefused,
  )
}

interface Registry<T> {
  add(): bigint
  get(registrationId: bigint): T | undefined
  remove(registrationId: bigint): void
}

function* registrationSteps<T>(registry: Registry<T>, onRefused: RefusalHandler): RequestSteps<T> {
  let pendingId: bigint | undefined
  try {
    for (;;) {
      try {
        pendingId ??= registry.add()
        const resource = registry.get(pendingId)
        if (resource !== undefined) {
          pendingId = undefined
          return resource
        }
      } catch (error) {
        pendingId = undefined
        if (!isTemporary(error)) throw error
        onRefused(error)
      }
      yield undefined
    }
  } finally {
    if (pendingId !== undefined) registry.remove(pendingId)
  }
}

function isTemporary(error: unknown): error is Error {
  return (
    isAeronError(error, 'REGISTRATION_FAILED') &&
    error.context.errorCodeName === 'RESOURCE_TEMPORARILY_UNAVAILABLE'
  )
}
