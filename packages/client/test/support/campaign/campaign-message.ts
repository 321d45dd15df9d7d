import type { AtomicBuffer } from '@x/atomic'

/** Bytes of a message before its filling: publisher, number, length, each an int32. */
export const CAMPAIGN_HEADER_LENGTH = 12
/** Publisher in a message that was aborted, or whose writer died before it committed: nobody may ever receive it. */
export const NEVER_COMMITTED = -1
/** How many of 32 messages are up to the longest that the term allows, and so of several fragments. */
const LONG_OF_32 = 3
const SHORT_RANGE = 1024

/** A number that follows from publisher and sequence, the same in every language that publishes: 24 bits. */
export function mix(publisher: number, sequence: number): number {
  return Math.imul(publisher * 31 + sequence + 1, 0x9e3779b1) >>> 8
}

/** Length in bytes of a message: mostly short, sometimes as long as can be. */
export function campaignLength(publisher: number, sequence: number, maxMessageLength: number): number {
  const mixed = mix(publisher, sequence)
  const range = mixed % 32 < LONG_OF_32 ? maxMessageLength - CAMPAIGN_HEADER_LENGTH + 1 : SHORT_RANGE
  return CAMPAIGN_HEADER_LENGTH + ((mixed >>> 5) % range)
}

/** Writes a message of that length. */
export function fillCampaignMessage(
  buffer: AtomicBuffer,
  offset: number,
  length: number,
  publisher: number,
  sequence: number,
): void {
  const mixed = mix(publisher, sequence)
  buffer.putInt32(offset, publisher)
  buffer.putInt32(offset + 4, sequence)
  buffer.putInt32(offset + 8, length)
  for (let i = CAMPAIGN_HEADER_LENGTH; i < length; i++) buffer.putUint8(offset + i, (mixed + i * 7) & 0xff)
}

/** What is wrong with the bytes of a message; `undefined` when nothing is. */
export function campaignFault(
  buffer: AtomicBuffer,
  offset: number,
  length: number,
  maxMessageLength: number,
): string | undefined {
  if (length < CAMPAIGN_HEADER_LENGTH) return `a message of ${length} bytes`
  const publisher = buffer.getInt32(offset)
  const sequence = buffer.getInt32(offset + 4)
  const name = `message ${sequence} of publisher ${publisher}`
  if (publisher === NEVER_COMMITTED) return `a message that was never committed, of ${length} bytes`
  if (buffer.getInt32(offset + 8) !== length)
    return `${name}: ${length} bytes, not ${buffer.getInt32(offset + 8)}`
  const expected = campaignLength(publisher, sequence, maxMessageLength)
  if (expected !== length) return `${name}: ${length} bytes, should be ${expected}`
  const mixed = mix(publisher, sequence)
  const { bytes } = buffer
  for (let i = CAMPAIGN_HEADER_LENGTH; i < length; i++) {
    if (bytes[offset + i] !== ((mixed + i * 7) & 0xff)) return `${name}: byte ${i} of ${length} is wrong`
  }
  return undefined
}
