import type { CountersReader } from '@x/atomic/status'
import { CounterType } from './counter-type.ts'
import { type StreamCounter, streamCounters, type StreamCounters } from './stream-counters.ts'

/** What the URI of a spy begins with. Protocol: Aeron's `CommonContext`. */
const SPY_PREFIX = 'aeron-spy:'

/** How far a publication has come; positions and lengths in bytes. */
export interface PublisherBacklog {
  readonly registrationId: bigint
  /** As the driver last sampled it, which for a busy publication is a moment ago. */
  readonly position: number
  /** What may still be published before an offer is `BACK_PRESSURED`. */
  readonly remainingWindow: number
}

/** How far the driver has sent a publication; positions and lengths in bytes. */
export interface SenderBacklog {
  readonly registrationId: bigint
  readonly position: number
  /** Published, but not sent. */
  readonly backlog: number
  /** What the receivers permit to be sent. */
  readonly remainingWindow: number
}

/** How far the driver has received an image; positions in bytes. */
export interface ReceiverBacklog {
  readonly registrationId: bigint
  /** Up to here all has been received. */
  readonly position: number
  /** The highest that was received, perhaps with gaps below it. */
  readonly highWaterMark: number
}

/** How far a subscription has consumed a stream; positions and lengths in bytes. */
export interface SubscriberBacklog {
  readonly registrationId: bigint
  readonly position: number
  /** Received, or for IPC and spies published, but not consumed; `undefined` if neither publication nor image is on this driver any longer. */
  readonly backlog: number | undefined
}

/** What waits where in a stream: each part is there if it is on this driver. */
export interface StreamBacklog {
  readonly sessionId: number
  readonly streamId: number
  readonly channel: string
  readonly publisher: PublisherBacklog | undefined
  readonly sender: SenderBacklog | undefined
  readonly receiver: ReceiverBacklog | undefined
  readonly subscribers: readonly SubscriberBacklog[]
}

/**
 * What has been published but not sent, and received but not consumed, for all streams of a driver: Aeron's `BacklogStat`, which leaves out the subscribers of IPC
 * and spies. It is computed from counters that change meanwhile; a difference that comes out below 0 for that reason is 0.
 *
 * @param countersReader that of an `Aeron` or a `CncFileReader`
 */
export function streamBacklogs(countersReader: CountersReader): StreamBacklog[] {
  const streams = streamCounters(countersReader)
  return streams.map((stream) => {
    const { sessionId, streamId, channel } = stream
    const publisher = publisherOf(stream)
    const available = availableTo(stream, streams)
    const subscribers = stream.counters
      .filter(({ typeId }) => typeId === CounterType.SUBSCRIBER_POSITION)
      .map(({ registrationId, value }) => ({
        registrationId,
        position: value,
        backlog: available === undefined ? undefined : difference(available, value),
      }))
    return {
      sessionId,
      streamId,
      channel,
      publisher,
      sender: senderOf(stream, publisher),
      receiver: receiverOf(stream),
      subscribers,
    }
  })
}

/** Position up to which there is something to consume. Subscribers whose URI is another than the publication's, such as spies, stand apart from it. */
function availableTo(stream: StreamCounters, streams: readonly StreamCounters[]): number | undefined {
  const related = streams.filter(
    ({ sessionId, streamId }) => sessionId === stream.sessionId && streamId === stream.streamId,
  )
  const candidates = [stream, ...related]
  const published = candidates.map(publisherOf).find((publisher) => publisher !== undefined)?.position
  if (stream.channel.startsWith(SPY_PREFIX)) return published
  const received = candidates.map(receiverOf).find((receiver) => receiver !== undefined)?.highWaterMark
  return received ?? published
}

function publisherOf(stream: StreamCounters): PublisherBacklog | undefined {
  const position = counterOf(stream, CounterType.PUBLISHER_POSITION)
  const limit = counterOf(stream, CounterType.PUBLISHER_LIMIT)
  if (position === undefined || limit === undefined) return undefined
  return {
    registrationId: position.registrationId,
    position: position.value,
    remainingWindow: difference(limit.value, position.value),
  }
}

function senderOf(
  stream: StreamCounters,
  publisher: PublisherBacklog | undefined,
): SenderBacklog | undefined {
  const position = counterOf(stream, CounterType.SENDER_POSITION)
  const limit = counterOf(stream, CounterType.SENDER_LIMIT)
  if (position === undefined || limit === undefined) return undefined
  return {
    registrationId: position.registrationId,
    position: position.value,
    backlog: difference(publisher?.position ?? position.value, position.value),
    remainingWindow: difference(limit.value, position.value),
  }
}

function receiverOf(stream: StreamCounters): ReceiverBacklog | undefined {
  const position = counterOf(stream, CounterType.RECEIVER_POSITION)
  const highWaterMark = counterOf(stream, CounterType.RECEIVER_HIGH_WATER_MARK)
  if (position === undefined || highWaterMark === undefined) return undefined
  return {
    registrationId: position.registrationId,
    position: position.value,
    highWaterMark: highWaterMark.value,
  }
}

function counterOf({ counters }: StreamCounters, typeId: number): StreamCounter | undefined {
  return counters.find((counter) => counter.typeId === typeId)
}

function difference(ahead: number, behind: number): number {
  return Math.max(ahead - behind, 0)
}
