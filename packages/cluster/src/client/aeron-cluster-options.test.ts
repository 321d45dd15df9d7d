import { expect, test } from 'vitest'
import { resolveAeronClusterOptions, type AeronClusterOptions } from './aeron-cluster-options.ts'

const MINIMAL: AeronClusterOptions = {
  ingressChannel: 'aeron:udp',
  egressChannel: 'aeron:udp?endpoint=localhost:0',
}

test('resolveAeronClusterOptions() fills in the defaults', () => {
  expect(resolveAeronClusterOptions({ ...MINIMAL, ingressStreamId: undefined as never })).toMatchObject({
    ingressStreamId: 101,
    egressStreamId: 102,
    messageTimeoutMs: 5_000,
    isIngressExclusive: true,
    keepAliveIntervalMs: 0,
    clientName: '',
  })
})

test('resolveAeronClusterOptions() forbids a lost UDP egress image to come back, and leaves IPC as it is', () => {
  expect(resolveAeronClusterOptions(MINIMAL).egressChannel).toBe(
    'aeron:udp?endpoint=localhost:0|rejoin=false',
  )
  expect(resolveAeronClusterOptions({ ...MINIMAL, egressChannel: 'aeron:ipc' }).egressChannel).toBe(
    'aeron:ipc',
  )
})

for (const [name, options, error] of [
  ['no ingress channel', { ingressChannel: '' }, TypeError],
  ['no egress channel', { egressChannel: '' }, TypeError],
  ['endpoints with IPC ingress', { ingressChannel: 'aeron:ipc', ingressEndpoints: '0=a:1' }, TypeError],
  ['endpoints that cannot be parsed', { ingressEndpoints: 'a:1' }, SyntaxError],
  ['a channel that cannot be parsed', { ingressChannel: 'udp', ingressEndpoints: '0=a:1' }, SyntaxError],
  ['no time at all', { messageTimeoutMs: 0 }, RangeError],
  ['a negative keep-alive interval', { keepAliveIntervalMs: -1 }, RangeError],
  ['a long client name', { clientName: 'x'.repeat(101) }, RangeError],
] as const) {
  test(`resolveAeronClusterOptions() refuses ${name}`, () => {
    expect(() => resolveAeronClusterOptions({ ...MINIMAL, ...options })).toThrow(error)
  })
}
