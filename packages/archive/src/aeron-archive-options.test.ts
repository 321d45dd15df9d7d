import { expect, test } from 'vitest'
import { ChannelUri } from '@x/client'
import { resolveAeronArchiveOptions, type AeronArchiveOptions } from './aeron-archive-options.ts'

const MINIMAL: AeronArchiveOptions = {
  controlRequestChannel: 'aeron:udp?endpoint=localhost:8010',
  controlResponseChannel: 'aeron:udp?endpoint=localhost:0',
}

test('resolveAeronArchiveOptions() fills in the defaults, and completes both channels with one session id', () => {
  const options = resolveAeronArchiveOptions(MINIMAL)
  expect(options).toMatchObject({
    controlRequestStreamId: 10,
    controlResponseStreamId: 20,
    messageTimeoutMs: 10_000,
  })
  const request = ChannelUri.parse(options.controlRequestChannel)
  const response = ChannelUri.parse(options.controlResponseChannel)
  expect([request.get('term-length'), request.get('sparse'), request.get('mtu')]).toEqual([
    '65536',
    'true',
    undefined,
  ])
  expect(request.get('session-id')).toMatch(/^-?\d+$/)
  expect(response.get('session-id')).toBe(request.get('session-id'))
  const other = ChannelUri.parse(resolveAeronArchiveOptions(MINIMAL).controlRequestChannel)
  expect(other.get('session-id')).not.toBe(request.get('session-id'))
})

test('resolveAeronArchiveOptions() keeps what a channel says, but for its session id', () => {
  const { controlRequestChannel } = resolveAeronArchiveOptions({
    ...MINIMAL,
    controlRequestChannel: 'aeron:ipc?term-length=1m|sparse=false|mtu=8k|session-id=7',
    controlMtuLength: 1408,
  })
  const uri = ChannelUri.parse(controlRequestChannel)
  expect([uri.get('term-length'), uri.get('sparse'), uri.get('mtu')]).toEqual(['1m', 'false', '8k'])
  expect(uri.get('session-id')).not.toBe('7')
})

test('resolveAeronArchiveOptions() gives no session id in response mode', () => {
  const options = resolveAeronArchiveOptions({
    ...MINIMAL,
    controlResponseChannel: 'aeron:udp?control-mode=response|control=localhost:9000',
  })
  expect(ChannelUri.parse(options.controlRequestChannel).has('session-id')).toBe(false)
  expect(ChannelUri.parse(options.controlResponseChannel).has('session-id')).toBe(false)
})

for (const [name, options, error] of [
  ['no request channel', { controlRequestChannel: '' }, TypeError],
  ['no response channel', { controlResponseChannel: '' }, TypeError],
  ['a channel that cannot be parsed', { controlRequestChannel: 'udp' }, SyntaxError],
  ['no time at all', { messageTimeoutMs: 0 }, RangeError],
  ['a long client name', { clientName: 'x'.repeat(101) }, RangeError],
] as const) {
  test(`resolveAeronArchiveOptions() refuses ${name}`, () => {
    expect(() => resolveAeronArchiveOptions({ ...MINIMAL, ...options })).toThrow(error)
  })
}
