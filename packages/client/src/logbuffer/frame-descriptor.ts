/**
 * The data frame header, little endian. Protocol: Aeron's `DataHeaderFlyweight` and `FrameDescriptor`.
 * ```
 *  0 frame length    int32, header included; zero or negative: nothing to read here yet
 *  4 version         uint8
 *  5 flags           uint8
 *  6 type            uint16
 *  8 term offset     int32
 * 12 session id      int32
 * 16 stream id       int32
 * 20 term id         int32
 * 24 reserved value  int64
 * ```
 */
export const FRAME_LENGTH_OFFSET = 0
/** Place of the flags in a frame. */
export const FLAGS_OFFSET = 5
/** Place of the frame type in a frame. */
export const TYPE_OFFSET = 6
/** Place of the term offset in a frame. */
export const TERM_OFFSET_OFFSET = 8
/** Place of the session id in a frame. */
export const SESSION_ID_OFFSET = 12
/** Place of the stream id in a frame. */
export const STREAM_ID_OFFSET = 16
/** Place of the term id in a frame. */
export const TERM_ID_OFFSET = 20
/** Place of the reserved value in a frame. */
export const RESERVED_VALUE_OFFSET = 24
/** Length of the header, in bytes. */
export const HEADER_LENGTH = 32

// The words that an offer writes. Literals, and exported ones: a bundler puts those where they are used, but makes variables of what is computed or used in
// the class beside it, and the engine reads and checks a variable each time.
/** Version 0, flags of an unfragmented message and type data, as the second word of a frame. */
export const VERSION_FLAGS_TYPE = 0x0001_c000
/** Version 0 and type data, as the second word of a frame; its flags are the second byte. */
export const VERSION_TYPE = 0x0001_0000
/** Word of the term offset in a frame. */
export const TERM_OFFSET_WORD = 2
/** Word of the session id in a frame. */
export const SESSION_ID_WORD = 3
/** Word of the stream id in a frame. */
export const STREAM_ID_WORD = 4
/** Word of the term id in a frame. */
export const TERM_ID_WORD = 5

/** Frames start on multiples of this. */
export const FRAME_ALIGNMENT = 32

/** Flag of the first fragment of a message. */
export const BEGIN_FRAG_FLAG = 0x80
/** Flag of the last fragment of a message. */
export const END_FRAG_FLAG = 0x40
/** Flags of a message in one frame. */
export const UNFRAGMENTED = 0xc0

/** Type of a frame that fills space and carries nothing. */
export const HDR_TYPE_PAD = 0
/** Type of a frame that carries data. */
export const HDR_TYPE_DATA = 1

/** Longest message whatever the term length, in bytes. Protocol: `FrameDescriptor.MAX_MESSAGE_LENGTH`. */
const MAX_MESSAGE_LENGTH = 16 * 1024 * 1024

/** Longest message that a term of this length can carry, in bytes. */
export function computeMaxMessageLength(termLength: number): number {
  return Math.min(termLength / 8, MAX_MESSAGE_LENGTH)
}

/** A frame length rounded up to where the next frame starts. Frame lengths stay below 2^31 - 32, so the bit mask is exact. */
export function alignFrame(length: number): number {
  return (length + (FRAME_ALIGNMENT - 1)) & -FRAME_ALIGNMENT
}

/**
 * Whether a published frame of this length can be: a header at least, and no longer than what is left of its term. In a sound log each is.
 * Lengths next to 2^31 are negative once aligned, and as unsigned above any term.
 */
export function isSoundFrame(frameLength: number, remaining: number): boolean {
  return frameLength >= HEADER_LENGTH && alignFrame(frameLength) >>> 0 <= remaining
}

/** Bytes that a message takes in a term, headers and alignment included. Source: `LogBufferDescriptor.computeFragmentedFrameLength`. */
export function computeFramedLength(length: number, maxPayloadLength: number): number {
  if (length <= maxPayloadLength) return alignFrame(length + HEADER_LENGTH)
  const remainder = length % maxPayloadLength
  const fullFrames = (length - remainder) / maxPayloadLength
  const lastFrameLength = remainder > 0 ? alignFrame(remainder + HEADER_LENGTH) : 0
  return fullFrames * (maxPayloadLength + HEADER_LENGTH) + lastFrameLength
}
