/** Result of an offer: no subscriber is connected. Protocol: Aeron's `Publication`, as all of this file. */
export const NOT_CONNECTED = -1
/** Result of an offer: the subscribers have not kept up; offer again later. */
export const BACK_PRESSURED = -2
/** Result of an offer: the log moved to its next term; offer again at once. */
export const ADMIN_ACTION = -3
/** Result of an offer: the publication, or its client, is closed. */
export const CLOSED = -4
/** Result of an offer: the stream has reached its longest possible position; only a new publication can go on. */
export const MAX_POSITION_EXCEEDED = -5

const NAMES = ['NOT_CONNECTED', 'BACK_PRESSURED', 'ADMIN_ACTION', 'CLOSED', 'MAX_POSITION_EXCEEDED'] as const

/** Name of the result of an offer, for messages: `POSITION` for a success. */
export function publicationResultName(result: number): string {
  if (result >= 0) return 'POSITION'
  return NAMES[-result - 1] ?? `UNKNOWN(${result})`
}

/** Whether the same offer may succeed later without any other change: back pressure, or the move to the next term. */
export function isRetryable(result: number): boolean {
  return result === BACK_PRESSURED || result === ADMIN_ACTION
}
