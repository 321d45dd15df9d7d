import { AtomicBuffer } from '@x/atomic'
import { type MappedFile, mapNewFile } from '@x/mmap'
import {
  ACTIVE_TERM_COUNT_OFFSET,
  END_OF_STREAM_POSITION_OFFSET,
  INITIAL_TERM_ID_OFFSET,
  IS_CONNECTED_OFFSET,
  LOG_META_DATA_LENGTH,
  MTU_LENGTH_OFFSET,
  OPEN_END_OF_STREAM,
  PAGE_SIZE_OFFSET,
  PARTITION_COUNT,
  rawTailOffset,
  TERM_LENGTH_OFFSET,
} from '../../src/logbuffer/log-buffer-descriptor.ts'
import { packTail } from '../../src/logbuffer/log-buffer-position.ts'

/** What a log looks like at its start. */
export interface LogOptions {
  readonly termLength?: number
  readonly initialTermId?: number
  readonly mtuLength?: number
  /** Terms before the active one. */
  readonly termCount?: number
  readonly termOffset?: number
}

/** A log as a driver makes one: empty terms and metadata. */
export class LogFile {
  readonly path: string
  readonly metadata: AtomicBuffer
  readonly terms: readonly AtomicBuffer[]
  readonly #mapping: MappedFile

  constructor(path: string, options: LogOptions = {}) {
    const {
      termLength = 65_536,
      initialTermId = 0,
      mtuLength = 1408,
      termCount = 0,
      termOffset = 0,
    } = options
    const length = PARTITION_COUNT * termLength + LOG_META_DATA_LENGTH
    this.path = path
    this.#mapping = mapNewFile(path, length)
    const memory = this.#mapping.memory
    this.metadata = AtomicBuffer.wrap(memory, length - LOG_META_DATA_LENGTH, LOG_META_DATA_LENGTH)
    this.terms = Array.from({ length: PARTITION_COUNT }, (_, i) =>
      AtomicBuffer.wrap(memory, i * termLength, termLength),
    )
    this.metadata.putInt32(TERM_LENGTH_OFFSET, termLength)
    this.metadata.putInt32(PAGE_SIZE_OFFSET, 4096)
    this.metadata.putInt32(MTU_LENGTH_OFFSET, mtuLength)
    this.metadata.putInt32(INITIAL_TERM_ID_OFFSET, initialTermId)
    this.metadata.putInt64(END_OF_STREAM_POSITION_OFFSET, OPEN_END_OF_STREAM)
    const termId = (initialTermId + termCount) | 0
    this.metadata.putInt64(rawTailOffset(termCount % PARTITION_COUNT), packTail(termId, termOffset))
    for (const next of [1, 2]) {
      const index = (termCount + next) % PARTITION_COUNT
      this.metadata.putInt64(rawTailOffset(index), packTail((termId + next - PARTITION_COUNT) | 0, 0))
    }
    this.metadata.putInt32(ACTIVE_TERM_COUNT_OFFSET, termCount)
  }

  set isConnected(connected: boolean) {
    this.metadata.putInt32Release(IS_CONNECTED_OFFSET, connected ? 1 : 0)
  }

  set endOfStreamPosition(position: bigint) {
    this.metadata.putInt64Release(END_OF_STREAM_POSITION_OFFSET, position)
  }

  close(): void {
    this.#mapping.close()
  }
}
