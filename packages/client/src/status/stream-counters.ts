import type { AtomicBuffer } from '@x/atomic'
import { type CountersReader, RECORD_ALLOCATED } from '@x/atomic/status'
import { CounterType } from './counter-type.ts'

/**
 * Key of the counters of a stream, by its offsets. Protocol: Aeron's `StreamCounter`.
 * ```
 *  0 registration id  int64, of the publication, subscription or image
 *  8 session id       int32
 * 12 stream id        int32
 * 16 channel          int32 length, ASCII, as much of it as fits
 * ```
 */
const REGISTRATION_ID_OFFSET = 0
const SESSION_ID_OFFSET = 8
const STREAM_ID_OFFSET = 12
const CHANNEL_LENGTH_OFFSET = 16
const CHANNEL_OFFSET = 20

const STREAM_TYPES: ReadonlySet<number> = new Set([
  CounterType.PUBLISHER_LIMIT,
  CounterType.SENDER_POSITION,
  CounterType.RECEIVER_HIGH_WATER_MARK,
  CounterType.SUBSCRIBER_POSITION,
  CounterType.RECEIVER_POSITION,
  CounterType.SENDER_LIMIT,
  CounterType.PUBLISHER_POSITION,
  CounterType.SENDER_BACK_PRESSURE_EVENTS,
  CounterType.SENDER_NAKS_RECEIVED,
  CounterType.RECEIVER_NAKS_SENT,
])

/** One counter of a stream. */
export interface StreamCounter {
  readonly counterId: number
  readonly typeId: number
  /** What the driver calls it: `pub-lmt`, `pub-pos (exclusive)`, `sub-pos` ... */
  readonly name: string
  /** Registration id of the publication or subscription, or correlation id of the image, that it belongs to. */
  readonly registrationId: bigint
  /** A position in bytes or a number of events, exact to 2^53. */
  readonly value: number
}

/** The counters of one stream on one driver. */
export interface StreamCounters {
  readonly sessionId: number
  readonly streamId: number
  /** URI, up to the length that fits in a counter's label. */
  readonly channel: string
  /** By counter id. */
  readonly counters: readonly StreamCounter[]
}

interface Found {
  readonly key: string
  readonly sessionId: number
  readonly streamId: number
  readonly channel: string
  readonly counter: StreamCounter
}

/**
 * The positions and events of all streams of a driver, one entry for each session, stream and channel, in that order: Aeron's `StreamStat`. It is a
 * snapshot of counters that change meanwhile, so those of one stream may differ by what happened in between.
 *
 * @param countersReader that of an `Aeron` or a `CncFileReader`
 */
export function streamCounters(countersReader: CountersReader): StreamCounters[] {
  const streams = new Map<string, { -readonly [K in keyof StreamCounters]: StreamCounters[K] }>()
  countersReader.forEach((counterId, typeId, key, label) => {
    if (!STREAM_TYPES.has(typeId)) return
    const found = readStreamCounter(countersReader, counterId, typeId, key, label)
    if (found === undefined) return
    const { sessionId, streamId, channel, counter } = found
    const stream = streams.get(found.key)
    if (stream === undefined) streams.set(found.key, { sessionId, streamId, channel, counters: [counter] })
    else {
      stream.counters = [...stream.counters, counter]
      // Labels differ in how much of the URI fits behind the name.
      if (channel.length > stream.channel.length) stream.channel = channel
    }
  })
  return [...streams.values()].sort(
    (a, b) => a.sessionId - b.sessionId || a.streamId - b.streamId || (a.channel < b.channel ? -1 : 1),
  )
}

function readStreamCounter(
  countersReader: CountersReader,
  counterId: number,
  typeId: number,
  key: AtomicBuffer,
  label: string,
): Found | undefined {
  const sessionId = key.getInt32(SESSION_ID_OFFSET)
  const streamId = key.getInt32(STREAM_ID_OFFSET)
  const length = Math.min(Math.max(key.getInt32(CHANNEL_LENGTH_OFFSET), 0), key.capacity - CHANNEL_OFFSET)
  const channel = key.getStringWithoutLengthAscii(CHANNEL_OFFSET, length)
  const counter: StreamCounter = {
    counterId,
    typeId,
    name: label.slice(0, Math.max(label.indexOf(':'), 0)),
    registrationId: key.getInt64(REGISTRATION_ID_OFFSET),
    value: Number(countersReader.getCounterValue(counterId)),
  }
  // Freeing a counter zeroes its key, so what was read counts only while the counter is still allocated.
  if (countersReader.getCounterState(counterId) !== RECORD_ALLOCATED) return undefined
  return {
    key: `${sessionId} ${streamId} ${channel}`,
    sessionId,
    streamId,
    channel: channelOfLabel(typeId, label) ?? channel,
    counter,
  }
}

/** The URI in a label, which is longer than that in a key; the label of a subscriber's position ends with ` @` and where it joined. */
function channelOfLabel(typeId: number, label: string): string | undefined {
  const start = label.search(/aeron(-spy)?:/)
  if (start < 0) return undefined
  const joined = typeId === CounterType.SUBSCRIBER_POSITION ? label.lastIndexOf(' @') : -1
  return label.slice(start, joined > start ? joined : undefined)
}
