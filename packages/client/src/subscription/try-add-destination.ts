import type { Subscription } from './subscription.ts'

/**
 * As `Subscription.asyncAddDestination`, for who has to know of a refusal: `onFailure` is told instead of the client's error handler.
 * It runs on the conductor, so it must not send commands.
 */
export function tryAddDestination(
  subscription: Subscription,
  channel: string,
  onFailure: (error: Error) => void,
): bigint {
  return subscription.operations.addDestination(subscription, channel).detach(onFailure)
}
