/** How a multi-destination channel finds its destinations, or that it answers requests. */
export type ControlMode = 'manual' | 'dynamic' | 'response'

/** How the slowest of several receivers holds the publication back: the `fc` parameter, which a driver may refuse for a channel to one receiver. */
export type FlowControl =
  | { readonly strategy: 'max' }
  | { readonly strategy: 'min'; readonly groupSize?: number; readonly timeoutMs?: number }
  | {
      readonly strategy: 'tagged'
      readonly groupTag?: bigint
      readonly groupSize?: number
      readonly timeoutMs?: number
    }

/** Where to write a timestamp in a message: a byte offset in the payload, or the reserved value. */
export type TimestampOffset = number | 'reserved'

/**
 * The parameters of a channel, each by Aeron's name in camel case. Lengths are bytes; durations are milliseconds, with fractions to the
 * nanosecond. Protocol: Aeron's `CommonContext` and `ChannelUriStringBuilder`.
 */
export interface ChannelParams {
  readonly media: 'ipc' | 'udp'
  /** Whether to spy on what this driver sends on the channel. */
  readonly spy?: boolean
  /** `host:port` that a subscription binds and a publication sends to. UDP needs it, or `control`, or a manual or response mode, or tags. */
  readonly endpoint?: string
  /** Interface to use: an address, with `/bits` to match by prefix, or `{name}`. */
  readonly networkInterface?: string
  /** `host:port` of the control address; `controlMode: 'dynamic'` needs it. */
  readonly control?: string
  readonly controlMode?: ControlMode
  /** Tag of the channel, for others to refer to it by. */
  readonly channelTag?: bigint
  /** Tag of the publication; needs `channelTag`. */
  readonly entityTag?: bigint
  /** A name for people. */
  readonly alias?: string
  /** Session id to publish with or to subscribe to; `{ tag }` takes that of the publication with this entity tag. */
  readonly sessionId?: number | { readonly tag: bigint }
  /** Must be the stream id of the publication. */
  readonly streamId?: number
  /** A power of two from 64 KiB to 1 GiB. */
  readonly termLength?: number
  /** A multiple of 32 up to 65504. */
  readonly mtu?: number
  /** First term of the stream; with `termId` and `termOffset`, or none of them. */
  readonly initialTermId?: number
  /** Term to start in. */
  readonly termId?: number
  /** Place in the term to start at, a multiple of 32. */
  readonly termOffset?: number
  /** How long the driver keeps a drained publication for retransmissions. */
  readonly lingerMs?: number
  /** How far a publication may be ahead of its receivers. */
  readonly publicationWindow?: number
  /** How far a receiver lets a publication be ahead. */
  readonly receiverWindow?: number
  /** Whether the log file takes memory only where it is used. */
  readonly sparse?: boolean
  /** Whether receivers are told of the end of the stream. */
  readonly eos?: boolean
  /** Whether a spy counts as a connected subscriber. */
  readonly spiesSimulateConnection?: boolean
  readonly flowControl?: FlowControl
  /** Group that a receiver belongs to, for tagged flow control. */
  readonly groupTag?: bigint
  /** Congestion control of a receiver. */
  readonly congestionControl?: 'static' | 'cubic'
  /** Hops that a multicast packet may take, 0 to 255. */
  readonly ttl?: number
  /** Whether lost frames are sent again; otherwise gaps are filled. */
  readonly reliable?: boolean
  /** Whether flow control waits for this subscription. */
  readonly tether?: boolean
  /** Whether a subscription that was left behind comes back. */
  readonly rejoin?: boolean
  /** Whether a receiver behaves as one of a group. */
  readonly group?: boolean | 'infer'
  /** Socket buffers. */
  readonly socketSendBuffer?: number
  readonly socketReceiveBuffer?: number
  /** Only the C driver can; Java's refuses it. */
  readonly mediaReceiveTimestampOffset?: TimestampOffset
  readonly channelReceiveTimestampOffset?: TimestampOffset
  readonly channelSendTimestampOffset?: TimestampOffset
  /** `host:port` that responses come to. */
  readonly responseEndpoint?: string
  /** Registration id of the subscription to be answered, or correlation id of the image that asks; `prototype` for a publication to copy. */
  readonly responseCorrelationId?: bigint | 'prototype'
  /** How long a receiver waits before it asks for lost frames. */
  readonly nakDelayMs?: number
  /** How many retransmissions may be under way, 1 to 256. */
  readonly maxResend?: number
  readonly untetheredWindowLimitTimeoutMs?: number
  readonly untetheredLingerTimeoutMs?: number
  readonly untetheredRestingTimeoutMs?: number
}

/** Parameters that a publication starts at a position by: Aeron's `ChannelUriStringBuilder.initialPosition`. */
export type InitialPosition = Required<
  Pick<ChannelParams, 'initialTermId' | 'termId' | 'termOffset' | 'termLength'>
>
