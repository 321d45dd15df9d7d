import { parentPort, workerData } from 'node:worker_threads'
import { AtomicBuffer } from '../../src/atomic-buffer.ts'
import { BroadcastTransmitter } from '../../src/broadcast/broadcast-transmitter.ts'
import { ManyToOneRingBuffer } from '../../src/ring-buffer/many-to-one-ring-buffer.ts'
import { OneToOneRingBuffer } from '../../src/ring-buffer/one-to-one-ring-buffer.ts'
import { INSUFFICIENT_CAPACITY, type RingBuffer } from '../../src/ring-buffer/ring-buffer.ts'
import { Position } from '../../src/status/position.ts'
import { fillMessage, messageLength, type Task } from './messages.ts'

/** The other side needs the core to make space. */
function giveWay(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 0.05)
}

/** Every tenth claim is aborted, every third message written in one go. */
function produce(ring: RingBuffer, producerId: number, count: number): void {
  const source = AtomicBuffer.allocate(256)
  for (let sequence = 0; sequence < count; sequence++) {
    const length = messageLength(sequence)
    if (sequence % 3 === 0) {
      fillMessage(source, 0, length, sequence)
      while (!ring.write(producerId, source, 0, length)) giveWay()
      continue
    }
    let index = ring.tryClaim(producerId, length)
    while (index === INSUFFICIENT_CAPACITY) {
      giveWay()
      index = ring.tryClaim(producerId, length)
    }
    fillMessage(ring.buffer, index, length, sequence)
    if (sequence % 10 === 1) ring.abort(index)
    else ring.commit(index)
  }
}

/** Bursts and pauses, so that a receiver sometimes keeps up and sometimes does not. */
function transmit(buffer: AtomicBuffer, count: number): void {
  const transmitter = new BroadcastTransmitter(buffer)
  const source = AtomicBuffer.allocate(256)
  for (let sequence = 0; sequence < count; sequence++) {
    const length = messageLength(sequence)
    fillMessage(source, 0, length, sequence)
    transmitter.transmit(1, source, 0, length)
    if (sequence % 64 === 0) giveWay()
  }
}

function advance(buffer: AtomicBuffer, count: number, step: number): void {
  const position = new Position(buffer, 0)
  for (let i = 1; i <= count; i++) position.setRelease(i * step)
}

function increment(buffer: AtomicBuffer, count: number): void {
  for (let i = 0; i < count; i++) {
    buffer.getAndAddInt32(0, 1)
    buffer.getAndAddInt64(8, 1n)
    for (;;) {
      const value = buffer.getInt32Acquire(16)
      if (buffer.compareAndSetInt32(16, value, value + 1)) break
    }
    for (;;) {
      const value = buffer.getInt64Acquire(24)
      if (buffer.compareAndSetInt64(24, value, value + 1n)) break
    }
  }
}

const task = workerData as Task
const buffer = AtomicBuffer.wrap(task.memory)
if (task.kind === 'produce') produce(new ManyToOneRingBuffer(buffer), task.producerId, task.count)
else if (task.kind === 'produce-alone') produce(new OneToOneRingBuffer(buffer), 1, task.count)
else if (task.kind === 'transmit') transmit(buffer, task.count)
else if (task.kind === 'advance') advance(buffer, task.count, task.step)
else increment(buffer, task.count)
parentPort?.postMessage('done')
