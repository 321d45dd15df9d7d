import { AtomicBuffer } from '@x/atomic'
import type { FragmentHandler, Header, Subscription } from '@x/client'
import { expect, test } from 'vitest'
import { isClusterError } from '../cluster-error.ts'
import { Role } from './cluster.ts'
import { ServiceAdapter } from './service-adapter.ts'

/** Tells a message, captured or made, and gives what the adapter made of it. */
function told(hex: string): unknown[] {
  const bytes = new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  const subscription = {
    poll: (handler: FragmentHandler) => {
      handler(AtomicBuffer.wrap(bytes), 0, bytes.length, { flags: 0xc0 } as Header)
      return 1
    },
  } as unknown as Subscription
  const events: unknown[] = []
  const adapter = new ServiceAdapter(subscription, {
    onJoinLog: (event) => events.push(event),
    onServiceTerminationPosition: (...args) => events.push(['terminate', ...args]),
    onRequestServiceAck: (...args) => events.push(['ack', ...args]),
  })
  expect(adapter.poll()).toBe(1)
  return events
}

function text(value: string): string {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(value.length)
  return length.toString('hex') + Buffer.from(value, 'ascii').toString('hex')
}

// Heads captured from a running consensus module of Aeron 1.51.0.
test('ServiceAdapter.poll() reads the JoinLog of a leader, whose log has no end', () => {
  const logChannel = 'aeron-spy:aeron:udp?tags=7|session-id=711616576|alias=log'
  const head =
    '280028006f001000 0000000000000000 ffffffffffffff7f 00000000 40687a2a 64000000 01000000 02000000 00000000'
  expect(told(head + text(logChannel))).toEqual([
    {
      logPosition: 0,
      maxLogPosition: Number.MAX_SAFE_INTEGER,
      memberId: 0,
      logSessionId: 0x2a7a6840,
      logStreamId: 100,
      isStartup: true,
      role: Role.LEADER,
      isStandby: false,
      logChannel,
    },
  ])
})

test('ServiceAdapter.poll() reads the JoinLog of a replay', () => {
  const head =
    '280028006f001000 6029000000000000 802a000000000000 00000000 bf8200c9 67000000 01000000 00000000 00000000'
  expect(told(head + text('aeron:ipc?session-id=-922713409'))).toMatchObject([
    {
      logPosition: 10592,
      maxLogPosition: 10880,
      logSessionId: -922713409,
      logStreamId: 103,
      role: Role.FOLLOWER,
    },
  ])
})

test('ServiceAdapter.poll() reads a JoinLog that is too old to know standbys', () => {
  const head =
    '240028006f000f00 0000000000000000 ffffffffffffff7f 01000000 00000000 64000000 00000000 00000000'
  expect(told(head + text('aeron:ipc'))).toMatchObject([
    { memberId: 1, isStandby: false, logChannel: 'aeron:ipc' },
  ])
})

test('ServiceAdapter.poll() takes a termination without the field as one to be acknowledged', () => {
  expect(told('08002a006f001000 2040000000000000')).toEqual([['terminate', 16416, true]])
  expect(told('0c002a006f001100 2040000000000000 00000000')).toEqual([['terminate', 16416, false]])
  expect(told('0c002a006f001100 2040000000000000 01000000')).toEqual([['terminate', 16416, true]])
})

test('ServiceAdapter.poll() reads a request for an ack', () => {
  expect(told('08006c006f001100 2040000000000000')).toEqual([['ack', 16416]])
})

test('ServiceAdapter.poll() ignores the traffic of tools and templates to come', () => {
  expect(told('0c0029006f001000 0100000000000000 00000000 00000000 00000000')).toEqual([])
  expect(told('0800e7036f00ff00 0000000000000000')).toEqual([])
})

test('ServiceAdapter.poll() takes a message in fragments as one: the answer to a query of many members is long', () => {
  // The rest of an endpoint, at which a message header reads as a request for an ack.
  const parts = ['0c002b006f001000', '08006c006f0011002040000000000000'].map((hex) => Buffer.from(hex, 'hex'))
  const flags = [0x80, 0x40]
  const events: unknown[] = []
  let next = 0
  const subscription = {
    poll: (handler: FragmentHandler) => {
      const bytes = new Uint8Array(parts[next] ?? [])
      const begin = next * 64
      const header = { flags: flags[next], sessionId: 3, termOffset: begin, frameLength: 32 + bytes.length }
      const rest = {
        nextTermOffset: begin + 64,
        buffer: AtomicBuffer.allocate(32),
        offset: 0,
        initialTermId: 0,
        termLength: 65_536,
      }
      next++
      handler(AtomicBuffer.wrap(bytes), 0, bytes.length, { ...header, ...rest } as unknown as Header)
      return 1
    },
  } as unknown as Subscription
  const adapter = new ServiceAdapter(subscription, {
    onJoinLog: (event) => events.push(event),
    onServiceTerminationPosition: (...args) => events.push(['terminate', ...args]),
    onRequestServiceAck: (...args) => events.push(['ack', ...args]),
  })
  for (let turn = 0; turn < 2; turn++) expect(adapter.poll()).toBe(1)
  expect(events).toEqual([])
})

for (const [what, hex] of [
  ['of a foreign schema', '080028006500 1000 0000000000000000'],
  ['shorter than a header', '2800'],
  ['shorter than it says', '280028006f001000 0000000000000000'],
]) {
  test(`ServiceAdapter.poll() refuses a message ${what}`, () => {
    let thrown: unknown
    try {
      told(hex ?? '')
    } catch (error) {
      thrown = error
    }
    expect(isClusterError(thrown, 'CONTROL_MESSAGE_INVALID')).toBe(true)
  })
}
