import fc from 'fast-check'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readMessage } from '../../test/threads/messages.ts'
import { runWorker } from '../../test/threads/run-worker.ts'
import { AtomicBuffer } from '../atomic-buffer.ts'
import { ReadAction } from './message-handler.ts'
import { OneToOneRingBuffer } from './one-to-one-ring-buffer.ts'
import { INSUFFICIENT_CAPACITY } from './ring-buffer.ts'
import {
  HEAD_CACHE_POSITION_OFFSET,
  HEAD_POSITION_OFFSET,
  TAIL_POSITION_OFFSET,
  TRAILER_LENGTH,
} from './ring-buffer-descriptor.ts'

const CAPACITY = 256

/** A ring that has been in use for `position` bytes; what it once held is still there. */
function ringAt(position: number): OneToOneRingBuffer {
  const buffer = AtomicBuffer.allocate(CAPACITY + TRAILER_LENGTH)
  for (const offset of [TAIL_POSITION_OFFSET, HEAD_CACHE_POSITION_OFFSET, HEAD_POSITION_OFFSET]) {
    buffer.putInt64FromNumber(CAPACITY + offset, position)
  }
  buffer.setMemory(0, CAPACITY, 0x7f)
  buffer.putInt64(position % CAPACITY, 0n)
  return new OneToOneRingBuffer(buffer)
}

function bytesOf(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (seed + i) & 0xff)
}

test('OneToOneRingBuffer delivers what a queue would, from any position and over old bytes', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), length: fc.integer({ min: 0, max: CAPACITY / 8 }) }),
    fc.record({ kind: fc.constant('claim' as const), length: fc.integer({ min: 0, max: CAPACITY / 8 }) }),
    fc.record({ kind: fc.constant('abort' as const), length: fc.integer({ min: 0, max: CAPACITY / 8 }) }),
    fc.record({ kind: fc.constant('read' as const), length: fc.integer({ min: 1, max: 5 }) }),
  )
  const start = fc.integer({ min: 0, max: 2 ** 40 }).map((eighths) => eighths * 8)
  fc.assert(
    fc.property(start, fc.array(step, { maxLength: 120 }), (position, steps) => {
      const ring = ringAt(position)
      const queue: Uint8Array[] = []
      const read = (limit: number): number =>
        ring.read((typeId, buffer, offset, length) => {
          const expected = queue.shift()
          expect(typeId).toBe(3)
          expect(buffer.bytes.slice(offset, offset + length)).toEqual(expected)
        }, limit)
      for (const [i, { kind, length }] of steps.entries()) {
        const bytes = bytesOf(length, i)
        if (kind === 'read') {
          read(length)
        } else if (kind === 'write') {
          if (ring.write(3, bytes, 0, length)) queue.push(bytes)
        } else {
          const index = ring.tryClaim(3, length)
          if (index === INSUFFICIENT_CAPACITY) continue
          ring.buffer.putBytes(index, bytes, 0, length)
          if (kind === 'abort') {
            ring.abort(index)
          } else {
            ring.commit(index)
            queue.push(bytes)
          }
        }
      }
      // One read ends at the end of the ring, or at padding before it.
      for (let i = 0; i < 3; i++) read(1_000)
      expect(queue).toEqual([])
      expect(ring.size).toBe(0)
    }),
    { numRuns: 300 },
  )
})

test('OneToOneRingBuffer never fills up for good', () => {
  const ring = ringAt(0)
  for (let round = 0; round < 500; round++) {
    const length = round % (ring.maxMessageLength + 1)
    while (!ring.write(1, bytesOf(length, round), 0, length)) {
      expect(ring.size).toBeGreaterThan(0)
      ring.read(() => {}, 1)
    }
  }
  expect(ring.unblock()).toBe(false)
})

test('OneToOneRingBuffer.controlledRead() gives an aborted message again, and stops at a break', () => {
  const ring = ringAt(48)
  for (let i = 1; i <= 3; i++) ring.write(i, bytesOf(4, i), 0, 4)
  const seen: number[] = []
  const answers = [ReadAction.COMMIT, ReadAction.ABORT, ReadAction.BREAK, ReadAction.CONTINUE]
  const handler = (typeId: number): ReadAction => {
    seen.push(typeId)
    return answers.shift()!
  }
  expect([ring.controlledRead(handler), ring.controlledRead(handler), ring.controlledRead(handler)]).toEqual([
    1, 1, 1,
  ])
  expect(seen).toEqual([1, 2, 2, 3])
  expect(ring.size).toBe(0)
})

test('OneToOneRingBuffer delivers what another thread produces, whole and in order, and nothing that was aborted', async () => {
  const count = 100_000
  const memory = new SharedArrayBuffer(1024 + TRAILER_LENGTH)
  const ring = new OneToOneRingBuffer(AtomicBuffer.wrap(memory))
  const worker = await runWorker({ kind: 'produce-alone', memory, count })
  let next = 0
  let wrong = 0
  let isDone = false
  const done = worker.done.finally(() => (isDone = true))
  while (!isDone || ring.size > 0) {
    for (let i = 0; i < 100; i++) {
      ring.read((_typeId, buffer, offset, length) => {
        if (next % 10 === 1 && next % 3 !== 0) next++
        if (readMessage(buffer, offset, length) !== next++) wrong++
      })
    }
    await turn()
  }
  await done
  expect([wrong, next]).toEqual([0, count])
}, 30_000)
