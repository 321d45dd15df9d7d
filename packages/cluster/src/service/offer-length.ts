import type { OfferSource } from '@x/client'

/** Length in bytes of what is offered. */
export function lengthOf(source: OfferSource): number {
  return source instanceof Uint8Array ? source.length : source.capacity
}
