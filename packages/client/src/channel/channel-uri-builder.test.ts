import { expect, test } from 'vitest'
import type { ChannelParams } from './channel-params.ts'
import { channelUri, initialPosition } from './channel-uri-builder.ts'

const UDP = { media: 'udp', endpoint: 'localhost:1' } as const

test.each<[ChannelParams, string]>([
  [{ media: 'ipc' }, 'aeron:ipc'],
  [{ ...UDP, spy: true }, 'aeron-spy:aeron:udp?endpoint=localhost:1'],
  [
    { ...UDP, termLength: 65_536, mtu: 8_192, socketSendBuffer: 2 ** 21, receiverWindow: 1_000 },
    'aeron:udp?endpoint=localhost:1|mtu=8k|term-length=64k|so-sndbuf=2m|rcv-wnd=1000',
  ],
  [
    { ...UDP, lingerMs: 5_000, nakDelayMs: 0.25, untetheredRestingTimeoutMs: 1_500 },
    'aeron:udp?endpoint=localhost:1|linger=5s|nak-delay=250us|untethered-resting-timeout=1500ms',
  ],
  [{ media: 'udp', controlMode: 'manual' }, 'aeron:udp?control-mode=manual'],
  [
    { media: 'udp', control: '[::1]:2', controlMode: 'dynamic', flowControl: { strategy: 'max' } },
    'aeron:udp?control=[::1]:2|control-mode=dynamic|fc=max',
  ],
  [
    { ...UDP, flowControl: { strategy: 'min', groupSize: 3, timeoutMs: 5_000 } },
    'aeron:udp?endpoint=localhost:1|fc=min,g:/3,t:5s',
  ],
  [
    { ...UDP, flowControl: { strategy: 'tagged', groupTag: 101n, groupSize: 2 }, groupTag: 7n },
    'aeron:udp?endpoint=localhost:1|fc=tagged,g:101/2|gtag=7',
  ],
  [{ media: 'ipc', channelTag: 1n, entityTag: 2n, alias: 'x' }, 'aeron:ipc?tags=1,2|alias=x'],
  [{ media: 'ipc', sessionId: { tag: 5n } }, 'aeron:ipc?session-id=tag:5'],
  [{ media: 'ipc', sessionId: -5, streamId: 9 }, 'aeron:ipc?session-id=-5|stream-id=9'],
  [
    { media: 'ipc', tether: false, rejoin: false, group: 'infer' },
    'aeron:ipc?tether=false|group=infer|rejoin=false',
  ],
  [
    { media: 'ipc', controlMode: 'response', responseCorrelationId: 12n },
    'aeron:ipc?control-mode=response|response-correlation-id=12',
  ],
  [
    { ...UDP, mediaReceiveTimestampOffset: 'reserved', channelSendTimestampOffset: 8, maxResend: 16 },
    'aeron:udp?endpoint=localhost:1|media-rcv-ts-offset=reserved|channel-snd-ts-offset=8|max-resend=16',
  ],
  [
    { media: 'ipc', ...initialPosition(65_536 * 2 + 96, 0x7fff_ffff, 65_536) },
    'aeron:ipc?term-length=64k|init-term-id=2147483647|term-id=-2147483647|term-offset=96',
  ],
])('channelUri(%o) is %s', (params, expected) => {
  expect(channelUri(params)).toBe(expected)
})

test.each<ChannelParams>([
  { media: 'udp' },
  { media: 'udp', endpoint: 'localhost' },
  { media: 'udp', controlMode: 'dynamic' },
  { media: 'ipc', entityTag: 1n },
  { media: 'ipc', termLength: 65_537 },
  { media: 'ipc', mtu: 1_000 },
  { media: 'ipc', mtu: 65_536 },
  { media: 'ipc', termId: 1 },
  { media: 'ipc', initialTermId: 1, termId: 0, termOffset: 0 },
  { media: 'ipc', initialTermId: 0, termId: 0, termOffset: 33 },
  { media: 'ipc', sessionId: 2 ** 31 },
  { ...UDP, ttl: 256 },
  { ...UDP, maxResend: 0 },
  { media: 'ipc', alias: 'a|b' },
  { media: 'ipc', lingerMs: -1 },
  { media: 'ipc', responseCorrelationId: -2n },
  { media: 'ipc', termLength: 65_536, publicationWindow: 65_536 },
])('channelUri(%o) is refused', (params) => {
  expect(() => channelUri(params)).toThrow(RangeError)
})
