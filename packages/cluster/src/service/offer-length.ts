import type { OfferSource } from '@x/client'

/** Length in bytes of what is offered, 0 once its memory is gone. */
export function lengthOf(source: OfferSource): number {
  return (source instanceof Uint8Array ? source : source.bytes).length
}
