import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { readMessage } from '../test/threads/messages.ts'
import { runWorker } from '../test/threads/run-worker.ts'
import { AtomicBuffer } from './atomic-buffer.ts'
import { TRAILER_LENGTH as BROADCAST_TRAILER_LENGTH } from './broadcast/broadcast-buffer-descriptor.ts'
import { BroadcastLappedError } from './broadcast/broadcast-lapped-error.ts'
import { BroadcastReceiver } from './broadcast/broadcast-receiver.ts'
import { CopyBroadcastReceiver } from './broadcast/copy-broadcast-receiver.ts'
import { ManyToOneRingBuffer } from './ring-buffer/many-to-one-ring-buffer.ts'
import { TRAILER_LENGTH } from './ring-buffer/ring-buffer-descriptor.ts'
import { counterOffset } from './status/counters-descriptor.ts'
import { Position } from './status/position.ts'

const TIMEOUT_MS = 30_000

test(
  'ManyToOneRingBuffer delivers what two threads produce, whole and in order, and nothing that was aborted',
  async () => {
    const count = 60_000
    const memory = new SharedArrayBuffer(1024 + TRAILER_LENGTH)
    const ring = new ManyToOneRingBuffer(AtomicBuffer.wrap(memory))
    const workers = await Promise.all(
      [1, 2].map((producerId) => runWorker({ kind: 'produce', memory, count, producerId })),
    )
    const next = [0, 0, 0]
    const skipAborted = (sequence: number): number =>
      sequence % 10 === 1 && sequence % 3 !== 0 ? sequence + 1 : sequence
    let wrong = 0
    const onMessage = (producerId: number, buffer: AtomicBuffer, offset: number, length: number): void => {
      const sequence = readMessage(buffer, offset, length)
      if (sequence !== skipAborted(next[producerId]!)) wrong++
      next[producerId] = sequence + 1
    }
    let allDone = false
    const done = Promise.all(workers.map((worker) => worker.done)).finally(() => (allDone = true))
    while (!allDone || ring.size > 0) {
      for (let i = 0; i < 100; i++) ring.read(onMessage)
      await turn()
    }
    await done
    expect(wrong).toBe(0)
    expect(next.slice(1).map((sequence) => skipAborted(sequence))).toEqual([count, count])
    expect(ring.buffer.bytes.subarray(0, ring.capacity).every((byte) => byte === 0)).toBe(true)
  },
  TIMEOUT_MS,
)

test(
  'CopyBroadcastReceiver delivers whole messages in order, and says so when it was overtaken',
  async () => {
    const count = 200_000
    const memory = new SharedArrayBuffer(4096 + BROADCAST_TRAILER_LENGTH)
    const buffer = AtomicBuffer.wrap(memory)
    const worker = await runWorker({ kind: 'transmit', memory, count })
    let receiver = new CopyBroadcastReceiver(new BroadcastReceiver(buffer))
    let last = -1
    let wrong = 0
    let received = 0
    let lapped = 0
    let mayRepeat = true
    const onMessage = (_typeId: number, copy: AtomicBuffer, offset: number, length: number): void => {
      const sequence = readMessage(copy, offset, length)
      const isNext = mayRepeat ? sequence >= last : sequence === last + 1
      if (sequence < 0 || !isNext) wrong++
      mayRepeat = false
      last = sequence
      received++
    }
    let isDone = false
    const done = worker.done.finally(() => (isDone = true))
    for (;;) {
      const wasDone = isDone
      let work = 0
      try {
        for (let i = 0; i < 1000; i++) work += receiver.receive(onMessage)
      } catch (error) {
        if (!(error instanceof BroadcastLappedError)) throw error
        lapped++
        mayRepeat = true
        receiver = new CopyBroadcastReceiver(new BroadcastReceiver(buffer))
        work = 1
      }
      if (wasDone && work === 0) break
      await turn()
    }
    await done
    expect({ wrong, last, lapped }).toEqual({ wrong: 0, last: count - 1, lapped })
    expect(received).toBeGreaterThan(100)
  },
  TIMEOUT_MS,
)

test(
  'Position.getAcquire() never mixes the words of two positions',
  async () => {
    // Nearly every step changes both words.
    const step = 2 ** 31 + 12_345
    const count = 2_000_000
    const memory = new SharedArrayBuffer(counterOffset(1))
    const position = new Position(AtomicBuffer.wrap(memory), 0)
    const worker = await runWorker({ kind: 'advance', memory, count, step })
    let isDone = false
    const done = worker.done.finally(() => (isDone = true))
    let wrong = 0
    let last = 0
    while (!isDone) {
      for (let i = 0; i < 10_000; i++) {
        const value = position.getAcquire()
        if (value < last || value % step !== 0) wrong++
        last = value
      }
      await turn()
    }
    await done
    expect(wrong).toBe(0)
    expect(position.getAcquire()).toBe(count * step)
  },
  TIMEOUT_MS,
)

test(
  'AtomicBuffer read-modify-write loses no update of two threads',
  async () => {
    const count = 200_000
    const memory = new SharedArrayBuffer(32)
    const workers = await Promise.all([1, 2].map(() => runWorker({ kind: 'increment', memory, count })))
    await Promise.all(workers.map((worker) => worker.done))
    const buffer = AtomicBuffer.wrap(memory)
    expect([buffer.getInt32(0), buffer.getInt64(8), buffer.getInt32(16), buffer.getInt64(24)]).toEqual([
      2 * count,
      2n * BigInt(count),
      2 * count,
      2n * BigInt(count),
    ])
  },
  TIMEOUT_MS,
)
