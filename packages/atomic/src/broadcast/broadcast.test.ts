import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import { AtomicBuffer } from '../atomic-buffer.ts'
import * as descriptor from './broadcast-buffer-descriptor.ts'
import { BroadcastLappedError } from './broadcast-lapped-error.ts'
import { BroadcastReceiver } from './broadcast-receiver.ts'
import { BroadcastTransmitter } from './broadcast-transmitter.ts'
import { CopyBroadcastReceiver } from './copy-broadcast-receiver.ts'

const CAPACITY = 1024
let buffer: AtomicBuffer
let transmitter: BroadcastTransmitter
beforeEach(() => {
  buffer = AtomicBuffer.allocate(CAPACITY + descriptor.TRAILER_LENGTH)
  transmitter = new BroadcastTransmitter(buffer)
})

const text = (value: string): Uint8Array => Buffer.from(value)
const transmit = (value: string): void => transmitter.transmit(5, text(value), 0, value.length)

function receiveAll(receiver: CopyBroadcastReceiver): string[] {
  const seen: string[] = []
  while (
    receiver.receive((typeId, copy, offset, length) => {
      seen.push(`${typeId}:${copy.getStringWithoutLengthAscii(offset, length)}`)
    }) > 0
  );
  return seen
}

test('the trailer of a broadcast buffer is laid out as in Agrona', () => {
  const { TAIL_INTENT_OFFSET, TAIL_OFFSET, LATEST_OFFSET, TRAILER_LENGTH } = descriptor
  expect([TAIL_INTENT_OFFSET, TAIL_OFFSET, LATEST_OFFSET, TRAILER_LENGTH]).toEqual([0, 8, 16, 128])
})

test('BroadcastTransmitter and BroadcastReceiver refuse a buffer that is no power of two, or misaligned', () => {
  const short = AtomicBuffer.allocate(1000)
  const misaligned = AtomicBuffer.wrap(new ArrayBuffer(2048), 4, CAPACITY + 128)
  for (const bad of [short, misaligned]) {
    expect(() => new BroadcastTransmitter(bad)).toThrow(RangeError)
    expect(() => new BroadcastReceiver(bad)).toThrow(RangeError)
  }
})

test('BroadcastTransmitter.transmit() lays a record out as in Agrona', () => {
  transmit('hello')
  expect([buffer.getInt32(0), buffer.getInt32(4), buffer.getStringWithoutLengthAscii(8, 5)]).toEqual([
    13,
    5,
    'hello',
  ])
  expect([0, 8, 16].map((offset) => buffer.getInt64(CAPACITY + offset))).toEqual([16n, 16n, 0n])
  transmit('again')
  expect([0, 8, 16].map((offset) => buffer.getInt64(CAPACITY + offset))).toEqual([32n, 32n, 16n])
})

test('BroadcastTransmitter.transmit() refuses what it cannot send, and sends nothing', () => {
  expect(transmitter.maxMessageLength).toBe(128)
  expect(() => transmitter.transmit(0, text('a'), 0, 1)).toThrow(RangeError)
  expect(() => transmitter.transmit(1, new Uint8Array(200), 0, 129)).toThrow(/from 0 to 128/)
  expect(() => transmitter.transmit(1, text('a'), 0, 2)).toThrow(/source of 1 bytes/)
  expect(buffer.bytes.every((byte) => byte === 0)).toBe(true)
})

test('CopyBroadcastReceiver delivers to each receiver on its own', () => {
  const first = new CopyBroadcastReceiver(new BroadcastReceiver(buffer))
  const second = new CopyBroadcastReceiver(new BroadcastReceiver(buffer))
  expect(receiveAll(first)).toEqual([])
  transmit('a')
  transmitter.transmit(6, AtomicBuffer.wrap(text('xbc')), 1, 2)
  expect(receiveAll(first)).toEqual(['5:a', '6:bc'])
  transmit('d')
  expect(receiveAll(first)).toEqual(['5:d'])
  expect(receiveAll(second)).toEqual(['5:a', '6:bc', '5:d'])
})

test('BroadcastReceiver starts with the last message that was sent', () => {
  for (const value of ['a', 'b', 'c']) transmit(value)
  expect(receiveAll(new CopyBroadcastReceiver(new BroadcastReceiver(buffer)))).toEqual(['5:c'])
})

test('BroadcastReceiver shows the message where it lies', () => {
  const receiver = new BroadcastReceiver(buffer)
  transmit('hello')
  expect(receiver.receiveNext()).toBe(true)
  expect([receiver.typeId, receiver.offset, receiver.length, receiver.validate()]).toEqual([5, 8, 5, true])
  expect(receiver.buffer).toBe(buffer)
  expect(receiver.receiveNext()).toBe(false)
})

test('BroadcastReceiver notices a message that is overwritten while it is read', () => {
  const receiver = new BroadcastReceiver(buffer)
  transmit('first')
  receiver.receiveNext()
  for (let sent = 32; sent < CAPACITY; sent += 16) transmit('other')
  expect(receiver.validate()).toBe(true)
  transmit('other')
  expect(receiver.validate()).toBe(false)
})

test('CopyBroadcastReceiver throws when it was overtaken before it came', () => {
  const receiver = new CopyBroadcastReceiver(new BroadcastReceiver(buffer))
  for (let sent = 0; sent <= CAPACITY; sent += 16) transmit('other')
  expect(() => receiveAll(receiver)).toThrow(BroadcastLappedError)
  expect(() => {
    throw new BroadcastLappedError()
  }).toThrow(/Cannot receive broadcast messages: .*overtaken/)
})

test('BroadcastReceiver goes on with the last message after it was overtaken, and counts that', () => {
  const receiver = new BroadcastReceiver(buffer)
  for (let sent = 0; sent <= CAPACITY; sent += 16) transmit('other')
  transmit('final')
  expect(receiver.receiveNext()).toBe(true)
  expect([receiver.lappedCount, receiver.typeId]).toEqual([1, 5])
  expect(buffer.getStringWithoutLengthAscii(receiver.offset, receiver.length)).toBe('final')
  expect(receiver.receiveNext()).toBe(false)
})

test('CopyBroadcastReceiver throws when the record changes while it is copied', () => {
  const inner = new BroadcastReceiver(buffer)
  transmit('first')
  // As if a transmitter had announced a write over the record after the receiver found it.
  const receiveNext = inner.receiveNext.bind(inner)
  inner.receiveNext = () => {
    const has = receiveNext()
    buffer.putInt64(CAPACITY, BigInt(CAPACITY + 16))
    buffer.putInt32(0, -77)
    return has
  }
  const receiver = new CopyBroadcastReceiver(inner)
  expect(() => receiver.receive(() => expect.unreachable())).toThrow(BroadcastLappedError)
})

test('CopyBroadcastReceiver takes messages longer than its first scratch buffer', () => {
  const large = AtomicBuffer.allocate((1 << 17) + 128)
  const sender = new BroadcastTransmitter(large)
  const receiver = new CopyBroadcastReceiver(new BroadcastReceiver(large))
  const message = Uint8Array.from({ length: 16_384 }, (_, i) => i & 0xff)
  sender.transmit(1, message, 0, message.length)
  let copied = new Uint8Array(0)
  receiver.receive((_typeId, copy, offset, length) => {
    copied = copy.bytes.slice(offset, offset + length)
  })
  expect(copied).toEqual(message)
})

test('BroadcastReceiver keeps up with any sequence of messages over padding and wraps', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(128), { maxLength: 100 }), (lengths) => {
      const memory = AtomicBuffer.allocate(CAPACITY + descriptor.TRAILER_LENGTH)
      const sender = new BroadcastTransmitter(memory)
      const receiver = new CopyBroadcastReceiver(new BroadcastReceiver(memory))
      const source = Uint8Array.from({ length: 128 }, (_, i) => i)
      const seen: number[] = []
      for (const [number, length] of lengths.entries()) {
        sender.transmit(number + 1, source, 0, length)
        receiver.receive((typeId, _copy, _offset, received) => {
          seen.push(typeId - 1, received)
        })
      }
      expect(seen).toEqual(lengths.flatMap((length, number) => [number, length]))
    }),
  )
})

/** Transmits records of 64 bytes until the next one starts at this place of the stream. */
function transmitUpTo(position: number): void {
  while (Number(buffer.getInt64(CAPACITY + descriptor.TAIL_OFFSET)) < position) transmit('x'.repeat(56))
}

/** A receiver in front of a short record 64 bytes before the end of the buffer, and what happens before each of its next reads of an int32. */
function receiverOvertakenBetweenReads(...happenings: (() => void)[]): BroadcastReceiver {
  transmitUpTo(CAPACITY - 64)
  const receiver = new BroadcastReceiver(buffer)
  while (receiver.receiveNext());
  transmit('first')
  const getInt32 = buffer.getInt32.bind(buffer)
  buffer.getInt32 = (offset) => {
    happenings.shift()?.()
    return getInt32(offset)
  }
  return receiver
}

/** Goes on for a lap, and lets the middle of a message be where the short record was. */
function overwriteByBody(): void {
  transmit('x'.repeat(40))
  transmitUpTo(2 * CAPACITY - 128)
  transmit('x'.repeat(24))
  transmit('z'.repeat(88))
}

/** Goes on for another lap, and lets padding be where the short record was, with a message after it. */
function overwriteByPadding(): void {
  transmitUpTo(3 * CAPACITY - 64)
  transmit('y'.repeat(100))
}

test('a length from one lap and padding from the next do not lead to a message that is believed', () => {
  const receiver = receiverOvertakenBetweenReads(overwriteByBody, overwriteByPadding)
  expect(receiver.receiveNext()).toBe(true)
  expect(receiver.validate()).toBe(false)
})

test.each([
  ['its length', [overwriteByBody]],
  ['its type', [() => {}, overwriteByBody]],
])('a receiver that was overtaken before it read %s goes on at the last message', (_read, happenings) => {
  const receiver = receiverOvertakenBetweenReads(...happenings)
  expect(receiver.receiveNext()).toBe(true)
  expect(receiver.validate()).toBe(false)
  expect(receiver.receiveNext()).toBe(true)
  expect(receiver.lappedCount).toBe(1)
  expect(buffer.getStringWithoutLengthAscii(receiver.offset, receiver.length)).toBe('z'.repeat(88))
  expect(receiver.validate()).toBe(true)
  expect(receiver.receiveNext()).toBe(false)
})
