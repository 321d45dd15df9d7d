import { AtomicBuffer } from '@x/atomic'
import { ImageFragmentAssembler, isRetryable, type ExclusivePublication, type Image } from '@x/client'
import type { Cluster } from '@x/cluster'
import type { LedgerState } from './ledger-state.ts'

// Records of the snapshot, each with its type and a count in front.
const HEADER = 1
const ENTRIES = 2
const TIMERS = 3
const BALLAST = 4
const END = 9
const PREFIX_LENGTH = 8
/** Longest record: fragmented, and within the longest message of a 512 KiB term. */
const CHUNK_LENGTH = 48_000
const HEADER_LENGTH = PREFIX_LENGTH + 40

/** Writes the state; waits with the cluster's idle strategy. */
export function writeLedger(state: LedgerState, publication: ExclusivePublication, cluster: Cluster): void {
  const record = AtomicBuffer.allocate(PREFIX_LENGTH + CHUNK_LENGTH)
  const offer = (type: number, count: number, length: number): void => {
    record.putInt32(0, type)
    record.putInt32(4, count)
    for (;;) {
      const result = publication.offer(record, 0, PREFIX_LENGTH + length)
      if (result > 0) return
      if (!isRetryable(result)) throw new Error(`expected to offer to the snapshot, got ${result}`)
      cluster.idleStrategy.idle()
    }
  }
  const [hash1, hash2] = state.hashes
  record.putInt32(PREFIX_LENGTH, hash1)
  record.putInt32(PREFIX_LENGTH + 4, hash2)
  record.putInt64(PREFIX_LENGTH + 8, BigInt(state.entryCount))
  record.putInt64(PREFIX_LENGTH + 16, BigInt(state.timerCount))
  record.putInt64(PREFIX_LENGTH + 24, BigInt(state.ballastLength))
  record.putInt64(PREFIX_LENGTH + 32, BigInt(state.pendingTimers.size))
  offer(HEADER, 0, HEADER_LENGTH - PREFIX_LENGTH)
  for (let at = 0; at < state.entriesLength; at += CHUNK_LENGTH) {
    const length = Math.min(CHUNK_LENGTH, state.entriesLength - at)
    record.putBytes(PREFIX_LENGTH, state.entries, at, length)
    offer(ENTRIES, length / 16, length)
  }
  for (const id of [...state.pendingTimers].sort((a, b) => (a < b ? -1 : 1))) {
    record.putInt64(PREFIX_LENGTH, id)
    offer(TIMERS, 1, 8)
  }
  for (let at = 0; at < state.ballastLength; at += CHUNK_LENGTH) {
    const length = Math.min(CHUNK_LENGTH, state.ballastLength - at)
    record.setMemory(PREFIX_LENGTH, length, (at / CHUNK_LENGTH) & 0xff)
    offer(BALLAST, length, length)
  }
  offer(END, 0, 0)
}

/** Reads what {@link writeLedger}, or its Java twin, wrote. Throws when it is not whole. */
export function readLedger(state: LedgerState, image: Image, cluster: Cluster): void {
  let entriesLength = 0
  let expected = { ballast: 0, entryCount: 0, timers: 0 }
  let ballast = 0
  let isEnded = false
  const assembler = new ImageFragmentAssembler((buffer, offset, length) => {
    const data = offset + PREFIX_LENGTH
    switch (buffer.getInt32(offset)) {
      case HEADER:
        expected = {
          ballast: Number(buffer.getInt64(data + 24)),
          entryCount: Number(buffer.getInt64(data + 8)),
          timers: Number(buffer.getInt64(data + 32)),
        }
        state.restore(buffer.getInt32(data), buffer.getInt32(data + 4), expected.entryCount)
        state.timerCount = Number(buffer.getInt64(data + 16))
        break
      case ENTRIES:
        state.entries.putBytes(entriesLength, buffer, data, length - PREFIX_LENGTH)
        entriesLength += length - PREFIX_LENGTH
        break
      case TIMERS:
        state.pendingTimers.add(buffer.getInt64(data))
        break
      case BALLAST:
        if (buffer.getUint8(offset + length - 1) !== ((ballast / CHUNK_LENGTH) & 0xff))
          throw new Error('damaged ballast')
        ballast += length - PREFIX_LENGTH
        break
      case END:
        isEnded = true
        break
      default:
        throw new Error(`expected a record of the ledger, got type ${buffer.getInt32(offset)}`)
    }
  })
  while (!image.isEndOfStream && !image.isClosed)
    cluster.idleStrategy.idle(image.poll(assembler.onFragment, 10))
  state.ballastLength = ballast
  const found = { ballast, entryCount: entriesLength / 16, timers: state.pendingTimers.size }
  if (!isEnded || JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`expected a whole ledger of ${JSON.stringify(expected)}, got ${JSON.stringify(found)}`)
  }
}
