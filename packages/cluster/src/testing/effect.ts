/** What a service asked for while it applied an entry: each must be the same in every run. */
export type Effect =
  | { readonly kind: 'schedule-timer'; readonly correlationId: bigint; readonly deadline: bigint }
  | { readonly kind: 'cancel-timer'; readonly correlationId: bigint }
  | { readonly kind: 'close-session'; readonly clusterSessionId: bigint }
  | { readonly kind: 'service-message'; readonly payload: Uint8Array }
  | { readonly kind: 'response'; readonly clusterSessionId: bigint; readonly payload: Uint8Array }

/** An effect in words. */
export function describeEffect(effect: Effect): string {
  switch (effect.kind) {
    case 'schedule-timer':
      return `timer ${effect.correlationId} for ${effect.deadline}`
    case 'cancel-timer':
      return `cancel of timer ${effect.correlationId}`
    case 'close-session':
      return `close of session ${effect.clusterSessionId}`
    case 'service-message':
      return `message of the service ${hex(effect.payload)}`
    case 'response':
      return `response to session ${effect.clusterSessionId} ${hex(effect.payload)}`
  }
}

function hex(bytes: Uint8Array): string {
  return `${Buffer.from(bytes.subarray(0, 64)).toString('hex')} (${bytes.length} bytes)`
}
