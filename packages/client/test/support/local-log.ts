import { AtomicBuffer } from '@x/atomic'
import { counterOffset, CountersReader, Position } from '@x/atomic/status'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConcurrentPublication } from '../../src/publication/concurrent-publication.ts'
import { ExclusivePublication } from '../../src/publication/exclusive-publication.ts'
import { Image } from '../../src/subscription/image.ts'
import { LogBuffers } from '../../src/logbuffer/log-buffers.ts'
import type { PublicationParts } from '../../src/publication/publication.ts'
import { Subscription } from '../../src/subscription/subscription.ts'
import { LogFile, type LogOptions } from './log-file.ts'

const LIMIT_COUNTER_ID = 0
const POSITION_COUNTER_ID = 1

// Nothing here sends commands.
const NO_OPERATIONS = {} as PublicationParts['operations']

/** A log with publications and images on it, without conductor and driver: the test sets the limit and cleans the terms. */
export class LocalLog implements Disposable {
  readonly file: LogFile
  readonly counterValues: AtomicBuffer = AtomicBuffer.allocate(4 * 128)
  readonly #directory = mkdtempSync(join(tmpdir(), 'local-log-'))
  readonly #mapped: LogBuffers[] = []
  readonly #countersReader: CountersReader

  constructor(options: LogOptions = {}) {
    this.file = new LogFile(join(this.#directory, '1.logbuffer'), options)
    this.#countersReader = new CountersReader(AtomicBuffer.allocate(4 * 512), this.counterValues)
    this.file.isConnected = true
    this.limit = Number.MAX_SAFE_INTEGER
  }

  set limit(position: number) {
    this.counterValues.putInt64(counterOffset(LIMIT_COUNTER_ID), BigInt(position))
  }

  /** Position of the images, which they share: use one at a time. */
  get position(): number {
    return this.counterValues.getInt64AsNumber(counterOffset(POSITION_COUNTER_ID))
  }

  set position(position: number) {
    this.counterValues.putInt64(counterOffset(POSITION_COUNTER_ID), BigInt(position))
  }

  map(): LogBuffers {
    const mapped = new LogBuffers(this.file.path)
    this.#mapped.push(mapped)
    return mapped
  }

  concurrent(): ConcurrentPublication {
    return new ConcurrentPublication(this.#parts())
  }

  exclusive(): ExclusivePublication {
    return new ExclusivePublication(this.#parts())
  }

  image(errorHandler?: (error: unknown) => void): Image {
    const subscription = new Subscription({
      channel: 'aeron:ipc',
      streamId: 10,
      registrationId: 2n,
      countersReader: this.#countersReader,
      operations: NO_OPERATIONS,
      onAvailableImage: undefined,
      onUnavailableImage: undefined,
      onClose: (closing) => closing.markClosed(),
    })
    const image = new Image({
      subscription,
      sessionId: 7,
      correlationId: 1n,
      sourceIdentity: 'aeron:ipc',
      position: new Position(this.counterValues, POSITION_COUNTER_ID),
      logBuffers: this.map(),
      errorHandler,
    })
    subscription.addImage(image)
    return image
  }

  close(): void {
    for (const mapped of this.#mapped) mapped.close()
    this.file.close()
    rmSync(this.#directory, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #parts(): PublicationParts {
    return {
      channel: 'aeron:ipc',
      streamId: 10,
      sessionId: 7,
      registrationId: 1n,
      originalRegistrationId: 1n,
      channelStatusId: -1,
      limitCounterId: LIMIT_COUNTER_ID,
      logBuffers: this.map(),
      countersReader: this.#countersReader,
      operations: NO_OPERATIONS,
      onClose: (publication) => publication.markClosed(),
    }
  }
}
