import type { ChannelParams, FlowControl, InitialPosition } from './channel-params.ts'
import { ChannelUri } from './channel-uri.ts'
import { FRAME_ALIGNMENT } from '../logbuffer/frame-descriptor.ts'
import { checkTermLength } from '../logbuffer/log-buffer-descriptor.ts'
import { formatDurationNs, formatSize } from './uri-suffixes.ts'

/** Protocol: Aeron's `Configuration`. */
const MIN_MTU_LENGTH = 64
const MAX_MTU_LENGTH = 65_504
const MAX_TTL = 255
const MAX_RESEND = 256

/**
 * Makes a channel from its parameters, all checked: Aeron's `ChannelUriStringBuilder`.
 *
 * ```ts
 * channelUri({ media: 'udp', endpoint: 'localhost:40123', termLength: 64 * 1024 }) // aeron:udp?endpoint=localhost:40123|term-length=64k
 * ```
 *
 * @throws RangeError for a parameter out of bounds, or missing
 */
export function channelUri(params: ChannelParams): string {
  checkAddresses(params)
  checkPlace(params)
  const uri = ChannelUri.parse(`${params.spy === true ? 'aeron-spy:' : ''}aeron:${params.media}`)
  for (const [key, value] of printed(params)) if (value !== undefined) uri.put(key, value)
  return uri.toString()
}

/**
 * The parameters of a channel whose publication starts at `position`.
 *
 * @throws RangeError when `position` is no multiple of 32, or `termLength` none of the log's
 */
export function initialPosition(
  position: number,
  initialTermId: number,
  termLength: number,
): InitialPosition {
  checkTermLength(termLength)
  if (!Number.isSafeInteger(position) || position < 0 || position % FRAME_ALIGNMENT !== 0) {
    throw invalid('position', `must be a multiple of ${FRAME_ALIGNMENT} from 0`, position)
  }
  const termCount = Math.floor(position / termLength)
  const termId = (int32('initialTermId', initialTermId)! + termCount) | 0
  return { initialTermId, termId, termOffset: position % termLength, termLength }
}

// In the order of Aeron's builder, so that both print the same.
function printed(params: ChannelParams): readonly (readonly [string, string | undefined])[] {
  return [
    ['tags', tags(params)],
    ['endpoint', params.endpoint],
    ['interface', params.networkInterface],
    ['control', params.control],
    ['control-mode', params.controlMode],
    ['mtu', mtu(params.mtu)],
    ['term-length', termLength(params.termLength)],
    ['init-term-id', text(int32('initialTermId', params.initialTermId))],
    ['term-id', text(int32('termId', params.termId))],
    ['term-offset', text(params.termOffset)],
    ['session-id', sessionId(params.sessionId)],
    ['ttl', text(within('ttl', params.ttl, 0, MAX_TTL))],
    ['reliable', text(params.reliable)],
    ['linger', duration('lingerMs', params.lingerMs)],
    ['alias', params.alias],
    ['cc', params.congestionControl],
    ['fc', flowControl(params.flowControl)],
    ['gtag', text(params.groupTag)],
    ['sparse', text(params.sparse)],
    ['eos', text(params.eos)],
    ['tether', text(params.tether)],
    ['group', text(params.group)],
    ['rejoin', text(params.rejoin)],
    ['ssc', text(params.spiesSimulateConnection)],
    ['so-sndbuf', size('socketSendBuffer', params.socketSendBuffer)],
    ['so-rcvbuf', size('socketReceiveBuffer', params.socketReceiveBuffer)],
    ['rcv-wnd', size('receiverWindow', params.receiverWindow)],
    ['media-rcv-ts-offset', timestampOffset(params.mediaReceiveTimestampOffset)],
    ['channel-rcv-ts-offset', timestampOffset(params.channelReceiveTimestampOffset)],
    ['channel-snd-ts-offset', timestampOffset(params.channelSendTimestampOffset)],
    ['response-endpoint', params.responseEndpoint],
    ['response-correlation-id', responseCorrelationId(params.responseCorrelationId)],
    ['nak-delay', duration('nakDelayMs', params.nakDelayMs)],
    [
      'untethered-window-limit-timeout',
      duration('untetheredWindowLimitTimeoutMs', params.untetheredWindowLimitTimeoutMs),
    ],
    ['untethered-linger-timeout', duration('untetheredLingerTimeoutMs', params.untetheredLingerTimeoutMs)],
    ['untethered-resting-timeout', duration('untetheredRestingTimeoutMs', params.untetheredRestingTimeoutMs)],
    ['max-resend', text(within('maxResend', params.maxResend, 1, MAX_RESEND))],
    ['stream-id', text(int32('streamId', params.streamId))],
    ['pub-wnd', publicationWindow(params)],
  ]
}

function invalid(name: string, must: string, value: unknown): RangeError {
  return new RangeError(`Cannot make a channel: ${name} ${must}, current value is ${String(value)}`)
}

function checkAddresses(params: ChannelParams): void {
  const { media, endpoint, control, controlMode, channelTag } = params
  if (controlMode === 'dynamic' && control === undefined) {
    throw invalid('control', 'must be given with controlMode "dynamic"', control)
  }
  for (const [name, address] of [
    ['endpoint', endpoint],
    ['control', control],
    ['responseEndpoint', params.responseEndpoint],
  ] as const) {
    if (address !== undefined && !/^.+:\d+$/.test(address)) throw invalid(name, 'must be host:port', address)
  }
  const isNamed = endpoint !== undefined || control !== undefined || channelTag !== undefined
  if (media === 'udp' && !isNamed && controlMode === undefined) {
    throw invalid('endpoint', 'must be given for UDP without control, controlMode and channelTag', endpoint)
  }
}

function checkPlace({ initialTermId, termId, termOffset, termLength: length }: ChannelParams): void {
  const given = [initialTermId, termId, termOffset].filter((value) => value !== undefined).length
  if (given === 0) return
  if (given < 3) {
    throw invalid('initialTermId, termId and termOffset', 'must be given together', `${given} of them`)
  }
  if (((termId! - initialTermId!) | 0) < 0) {
    throw invalid('termId', `must be at most 2^31 - 1 after initialTermId ${initialTermId}`, termId)
  }
  const limit = length ?? 2 ** 30
  if (!Number.isInteger(termOffset) || termOffset! < 0 || termOffset! > limit || termOffset! % 32 !== 0) {
    throw invalid('termOffset', `must be a multiple of 32 from 0 to ${limit}`, termOffset)
  }
}

function text(value: number | bigint | boolean | string | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}

function within(name: string, value: number | undefined, min: number, max: number): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return value
  throw invalid(name, `must be an integer from ${min} to ${max}`, value)
}

function int32(name: string, value: number | undefined): number | undefined {
  return within(name, value, -0x8000_0000, 0x7fff_ffff)
}

function size(name: string, value: number | undefined): string | undefined {
  return within(name, value, 0, 0x7fff_ffff) === undefined ? undefined : formatSize(value!)
}

function duration(name: string, valueMs: number | undefined): string | undefined {
  if (valueMs === undefined) return undefined
  if (!Number.isFinite(valueMs) || valueMs < 0) throw invalid(name, 'must be from 0', valueMs)
  return formatDurationNs(BigInt(Math.round(valueMs * 1e6)))
}

function mtu(length: number | undefined): string | undefined {
  within('mtu', length, MIN_MTU_LENGTH, MAX_MTU_LENGTH)
  if (length !== undefined && length % FRAME_ALIGNMENT !== 0) {
    throw invalid('mtu', `must be a multiple of ${FRAME_ALIGNMENT}`, length)
  }
  return size('mtu', length)
}

function termLength(length: number | undefined): string | undefined {
  if (length !== undefined) checkTermLength(length)
  return size('termLength', length)
}

function publicationWindow({
  publicationWindow: window,
  mtu: frame,
  termLength: term,
}: ChannelParams): string | undefined {
  return size('publicationWindow', within('publicationWindow', window, frame ?? 0, (term ?? 2 ** 30) / 2))
}

function tags({ channelTag, entityTag }: ChannelParams): string | undefined {
  if (entityTag === undefined) return text(channelTag)
  if (channelTag === undefined) throw invalid('channelTag', 'must be given with entityTag', channelTag)
  return `${channelTag},${entityTag}`
}

function sessionId(value: ChannelParams['sessionId']): string | undefined {
  return typeof value === 'object' ? `tag:${value.tag}` : text(int32('sessionId', value))
}

function timestampOffset(value: ChannelParams['mediaReceiveTimestampOffset']): string | undefined {
  return value === 'reserved' ? value : text(within('a timestamp offset', value, 0, 0x7fff_ffff))
}

function responseCorrelationId(value: ChannelParams['responseCorrelationId']): string | undefined {
  if (typeof value === 'bigint' && value < -1n)
    throw invalid('responseCorrelationId', 'must be from -1', value)
  return text(value)
}

function flowControl(value: FlowControl | undefined): string | undefined {
  if (value === undefined) return undefined
  if (value.strategy === 'max') return 'max'
  const tag = value.strategy === 'tagged' ? (value.groupTag ?? '') : ''
  const count = within('groupSize', value.groupSize, 0, 0x7fff_ffff)
  const group = tag === '' && count === undefined ? '' : `,g:${tag}${count === undefined ? '' : `/${count}`}`
  const timeout = value.timeoutMs === undefined ? '' : `,t:${duration('timeoutMs', value.timeoutMs)}`
  return `${value.strategy}${group}${timeout}`
}
