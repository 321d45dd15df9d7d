/*
 * What a `BufferClaim` is. Literals, in a file of their own: a bundler puts those where they are used, as it does not in a class beside them.
 */

/** Committed, aborted, or never used. */
export const SETTLED = 0
/** To be committed or aborted. */
export const OPEN = 1
/** Open, and its log, which is closed, waits for it to be unmapped. */
export const HELD = 2
