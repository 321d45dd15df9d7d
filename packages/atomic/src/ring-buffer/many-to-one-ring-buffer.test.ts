import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { AtomicBuffer } from '../atomic-buffer.ts'
import { PADDING_TYPE_ID } from '../record-descriptor.ts'
import { ManyToOneRingBuffer } from './many-to-one-ring-buffer.ts'
import { INSUFFICIENT_CAPACITY } from './ring-buffer.ts'
import { ReadAction } from './message-handler.ts'
import * as descriptor from './ring-buffer-descriptor.ts'

const CAPACITY = 1024
const TYPE = 7
let ring: ManyToOneRingBuffer
let buffer: AtomicBuffer
beforeEach(() => {
  buffer = AtomicBuffer.allocate(CAPACITY + descriptor.TRAILER_LENGTH)
  ring = new ManyToOneRingBuffer(buffer)
})

const TAIL = CAPACITY + descriptor.TAIL_POSITION_OFFSET
const HEAD = CAPACITY + descriptor.HEAD_POSITION_OFFSET
const HEAD_CACHE = CAPACITY + descriptor.HEAD_CACHE_POSITION_OFFSET

/** Puts an empty ring at a position, as after many messages. */
function moveTo(position: bigint): void {
  for (const offset of [TAIL, HEAD, HEAD_CACHE]) buffer.putInt64(offset, position)
}

function readAll(limit?: number): string[] {
  const seen: string[] = []
  ring.read((typeId, source, offset, length) => {
    seen.push(`${typeId}:${source.getStringWithoutLengthAscii(offset, length)}`)
  }, limit)
  return seen
}

const text = (value: string): Uint8Array => Buffer.from(value)
const write = (value: string): boolean => ring.write(TYPE, text(value), 0, value.length)

test('the trailer of a ring buffer is laid out as in Agrona', () => {
  expect([
    descriptor.TAIL_POSITION_OFFSET,
    descriptor.HEAD_CACHE_POSITION_OFFSET,
    descriptor.HEAD_POSITION_OFFSET,
    descriptor.CORRELATION_COUNTER_OFFSET,
    descriptor.CONSUMER_HEARTBEAT_OFFSET,
    descriptor.TRAILER_LENGTH,
  ]).toEqual([128, 256, 384, 512, 640, 768])
})

test('ManyToOneRingBuffer refuses a buffer whose ring is no power of two, or misaligned', () => {
  expect(() => new ManyToOneRingBuffer(AtomicBuffer.allocate(1000 + 768))).toThrow(/power of two.*1768/)
  expect(() => new ManyToOneRingBuffer(AtomicBuffer.allocate(4 + 768))).toThrow(RangeError)
  expect(() => new ManyToOneRingBuffer(AtomicBuffer.allocate(100))).toThrow(RangeError)
  const misaligned = AtomicBuffer.wrap(new ArrayBuffer(2048), 4, CAPACITY + 768)
  expect(() => new ManyToOneRingBuffer(misaligned)).toThrow(/multiple of 8 bytes.*4/)
})

test.each([
  [8, 0],
  [16, 8],
  [64, 8],
  [1024, 128],
  [1 << 20, 131_072],
])('ManyToOneRingBuffer of %i bytes takes messages of up to %i', (capacity, maxMessageLength) => {
  const other = new ManyToOneRingBuffer(AtomicBuffer.allocate(capacity + 768))
  expect(other.maxMessageLength).toBe(maxMessageLength)
  expect(() => other.tryClaim(1, maxMessageLength + 1)).toThrow(RangeError)
})

test('ManyToOneRingBuffer refuses bad type ids and lengths before it touches memory', () => {
  expect(() => ring.tryClaim(0, 8)).toThrow(/type id must be at least 1, current value is 0/)
  expect(() => ring.tryClaim(1, -1)).toThrow(/from 0 to 128, current value is -1/)
  expect(() => ring.write(1, new Uint8Array(4), 0, 129)).toThrow(RangeError)
  expect(buffer.bytes.every((byte) => byte === 0)).toBe(true)
})

test('ManyToOneRingBuffer.write() lays a record out as in Agrona', () => {
  expect(write('hello')).toBe(true)
  expect([buffer.getInt32(0), buffer.getInt32(4), buffer.getInt64(TAIL)]).toEqual([13, TYPE, 16n])
  expect(buffer.getStringWithoutLengthAscii(8, 5)).toBe('hello')
  expect([ring.size, ring.producerPosition, ring.consumerPosition]).toEqual([16, 16n, 0n])
})

test('ManyToOneRingBuffer.read() delivers in order, zeroes what it read, and moves the head', () => {
  expect(readAll()).toEqual([])
  write('a')
  ring.write(3, text('bc'), 1, 1)
  ring.write(4, AtomicBuffer.wrap(text('de')), 0, 2)
  expect(readAll(2)).toEqual(['7:a', '3:c'])
  expect([ring.consumerPosition, ring.size]).toEqual([32n, 16])
  expect(readAll()).toEqual(['4:de'])
  expect(buffer.bytes.subarray(0, CAPACITY).every((byte) => byte === 0)).toBe(true)
})

test('ManyToOneRingBuffer.write() that cannot read its source leaves nothing that blocks', () => {
  expect(() => ring.write(TYPE, new Uint8Array(4), 2, 4)).toThrow(RangeError)
  write('next')
  expect(readAll()).toEqual(['7:next'])
})

test('ManyToOneRingBuffer.tryClaim() shows a negative length until commit', () => {
  const index = ring.tryClaim(TYPE, 5)
  expect([index, buffer.getInt32(0), buffer.getInt32(4)]).toEqual([8, -13, TYPE])
  buffer.putStringWithoutLengthAscii(index, 'later')
  expect(readAll()).toEqual([])
  ring.commit(index)
  expect(readAll()).toEqual(['7:later'])
})

test('ManyToOneRingBuffer.abort() makes the consumer skip', () => {
  const index = ring.tryClaim(TYPE, 5)
  write('after')
  ring.abort(index)
  expect([buffer.getInt32(0), buffer.getInt32(4)]).toEqual([13, PADDING_TYPE_ID])
  expect(readAll()).toEqual(['7:after'])
})

test('ManyToOneRingBuffer refuses to end a claim twice, or one that never was', () => {
  const index = ring.tryClaim(TYPE, 5)
  ring.commit(index)
  expect(() => ring.commit(index)).toThrow(/Cannot commit the claim at index 8/)
  expect(() => ring.abort(index)).toThrow(/Cannot abort the claim at index 8/)
  expect(() => ring.commit(7)).toThrow(RangeError)
  expect(() => ring.abort(CAPACITY + 1)).toThrow(RangeError)
})

test('ManyToOneRingBuffer.tryClaim() returns INSUFFICIENT_CAPACITY when the ring is full, and not after a read', () => {
  const claims = Array.from({ length: CAPACITY / 64 }, () => ring.tryClaim(TYPE, 56))
  expect(claims.every((index) => index >= 0)).toBe(true)
  expect(ring.tryClaim(TYPE, 0)).toBe(INSUFFICIENT_CAPACITY)
  expect(write('x')).toBe(false)
  expect(ring.size).toBe(CAPACITY)
  ring.commit(claims[0]!)
  ring.read(() => {})
  expect(ring.tryClaim(TYPE, 56)).toBe(8)
})

test('ManyToOneRingBuffer pads to the end and goes on at the start', () => {
  moveTo(BigInt(CAPACITY - 16))
  expect(write('0123456789')).toBe(true)
  expect([buffer.getInt32(CAPACITY - 16), buffer.getInt32(CAPACITY - 12)]).toEqual([16, PADDING_TYPE_ID])
  expect(ring.producerPosition).toBe(BigInt(CAPACITY + 24))
  // Never across the end in one call.
  expect(readAll()).toEqual([])
  expect(readAll()).toEqual(['7:0123456789'])
})

test('ManyToOneRingBuffer claims the padding alone when the message does not fit before the head', () => {
  buffer.putInt64(HEAD, 16n)
  buffer.putInt64(HEAD_CACHE, 16n)
  buffer.putInt64(TAIL, BigInt(CAPACITY - 16))
  expect(ring.tryClaim(TYPE, 16)).toBe(INSUFFICIENT_CAPACITY)
  expect(ring.producerPosition).toBe(BigInt(CAPACITY))
  expect([buffer.getInt32(CAPACITY - 16), buffer.getInt32(CAPACITY - 12)]).toEqual([16, PADDING_TYPE_ID])
})

test('ManyToOneRingBuffer works where positions are beyond 2^53', () => {
  moveTo(2n ** 60n + 40n)
  expect(write('far')).toBe(true)
  expect(readAll()).toEqual(['7:far'])
  expect(ring.consumerPosition).toBe(2n ** 60n + 56n)
})

test('ManyToOneRingBuffer.read() counts a message as read when the handler throws', () => {
  write('bad')
  write('good')
  expect(() =>
    ring.read(() => {
      throw new Error('handler')
    }),
  ).toThrow('handler')
  expect(readAll()).toEqual(['7:good'])
})

test('ManyToOneRingBuffer.controlledRead() does what the handler asks', () => {
  for (const value of ['a', 'b', 'c', 'd']) write(value)
  const heads: bigint[] = []
  const answers = [ReadAction.COMMIT, ReadAction.CONTINUE, ReadAction.ABORT]
  const count = ring.controlledRead(() => {
    heads.push(ring.consumerPosition)
    return answers[heads.length - 1]!
  })
  expect(count).toBe(2)
  expect(heads).toEqual([0n, 16n, 16n])
  expect(ring.consumerPosition).toBe(32n)
  expect(ring.controlledRead(() => ReadAction.BREAK)).toBe(1)
  expect(readAll()).toEqual(['7:d'])
})

test('ManyToOneRingBuffer.nextCorrelationId() counts from 0', () => {
  expect([ring.nextCorrelationId(), ring.nextCorrelationId()]).toEqual([0n, 1n])
  expect(buffer.getInt64(CAPACITY + 512)).toBe(2n)
})

test('ManyToOneRingBuffer.updateConsumerHeartbeatTime() shows in consumerHeartbeatTime', () => {
  expect(ring.consumerHeartbeatTime).toBe(0n)
  ring.updateConsumerHeartbeatTime(-1n)
  expect([ring.consumerHeartbeatTime, buffer.getInt64(CAPACITY + 640)]).toEqual([-1n, -1n])
})

test('ManyToOneRingBuffer.unblock() does nothing when there is nothing to do', () => {
  expect(ring.unblock()).toBe(false)
  write('ready')
  expect(ring.unblock()).toBe(false)
  expect(readAll()).toEqual(['7:ready'])
})

test('ManyToOneRingBuffer.unblock() turns a claim that was never committed into padding', () => {
  ring.tryClaim(TYPE, 20)
  write('after')
  expect(ring.unblock()).toBe(true)
  expect(readAll()).toEqual(['7:after'])
})

test('ManyToOneRingBuffer.unblock() bridges a gap whose length was never written', () => {
  // As when a producer died between the claim and the first store.
  buffer.putInt64(TAIL, 48n)
  write('after')
  expect(ring.unblock()).toBe(true)
  expect([buffer.getInt32(0), buffer.getInt32(4)]).toEqual([48, PADDING_TYPE_ID])
  expect(readAll()).toEqual(['7:after'])
})

test('ManyToOneRingBuffer.unblock() leaves a gap that nothing follows yet', () => {
  buffer.putInt64(TAIL, 48n)
  expect(ring.unblock()).toBe(false)
})

test('ManyToOneRingBuffer.unblock() bridges a gap up to a record in the last eighth of the ring, the producer being round', () => {
  moveTo(BigInt(CAPACITY - 64))
  buffer.putInt64(TAIL, BigInt(CAPACITY - 32))
  write('x')
  write('y')
  write('z')
  expect(ring.producerPosition).toBe(BigInt(CAPACITY + 16))
  expect(ring.unblock()).toBe(true)
  expect([...readAll(), ...readAll()]).toEqual(['7:x', '7:y', '7:z'])
})

test('ManyToOneRingBuffer behaves as a queue for any sequence of calls', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), length: fc.nat(128) }),
    fc.record({ kind: fc.constant('abort' as const), length: fc.nat(128) }),
    fc.record({ kind: fc.constant('read' as const), length: fc.integer({ min: 1, max: 6 }) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new ManyToOneRingBuffer(AtomicBuffer.allocate(CAPACITY + 768))
      const expected: number[][] = []
      const seen: number[][] = []
      for (const [number, { kind, length }] of steps.entries()) {
        if (kind === 'read') {
          queue.read((typeId, _buffer, _offset, messageLength) => seen.push([typeId, messageLength]), length)
          continue
        }
        const index = queue.tryClaim(number + 1, length)
        if (index < 0) continue
        if (kind === 'abort') queue.abort(index)
        else {
          queue.commit(index)
          expected.push([number + 1, length])
        }
      }
      while (queue.size > 0) {
        queue.read((typeId, _buffer, _offset, messageLength) => seen.push([typeId, messageLength]))
      }
      expect(seen).toEqual(expected)
    }),
  )
})
