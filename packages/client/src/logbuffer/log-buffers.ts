import { AtomicBuffer } from '@x/atomic'
import { mapExistingFile, type MappedFile } from '@x/mmap'
import { closeSync, openSync, statSync } from 'node:fs'
import type { BufferClaim, ClaimedLog } from './buffer-claim.ts'
import {
  checkMtuLength,
  checkPageSize,
  checkTermLength,
  INITIAL_TERM_ID_OFFSET,
  LOG_META_DATA_LENGTH,
  MTU_LENGTH_OFFSET,
  PAGE_MIN_SIZE,
  PAGE_SIZE_OFFSET,
  PARTITION_COUNT,
  TERM_LENGTH_OFFSET,
  TERM_MAX_LENGTH,
} from './log-buffer-descriptor.ts'

/** Longest file that is mapped in one piece: longer ones hold terms of 1 GiB, mapped one by one. */
const MAX_SINGLE_MAPPING_LENGTH = 0x7fff_ffff

const FEW_CLAIMS = 16

/** One mapped log: three terms and the metadata at the end of the file. Source: Aeron's `LogBuffers`. */
export class LogBuffers implements ClaimedLog {
  /** The three term partitions. */
  readonly terms: readonly AtomicBuffer[]
  /** The last 4096 bytes of the file. */
  readonly metadata: AtomicBuffer
  /** Length of a term, in bytes. */
  readonly termLength: number
  /** Id of the first term of the stream. */
  readonly initialTermId: number
  /** Longest frame, in bytes. */
  readonly mtuLength: number
  readonly #path: string
  readonly #mappings: readonly MappedFile[]
  #fileDescriptor: number | undefined
  /** Those that were in this log last. Asked when it is closed, so that a message counts nothing. */
  readonly #claims = new Set<BufferClaim>()
  #claimsToSweepAt = FEW_CLAIMS
  #closing = false

  /**
   * Maps the log at `path`.
   *
   * @param preTouch whether to touch each page now
   * @throws MmapError when the file cannot be mapped
   * @throws RangeError when it is not a log
   */
  constructor(path: string, preTouch = false) {
    const mappings: MappedFile[] = []
    this.#path = path
    this.#mappings = mappings
    try {
      const fileLength = statSync(path).size
      if (fileLength < LOG_META_DATA_LENGTH) {
        throw new RangeError(
          `Cannot use the log "${path}": its length must be at least ${LOG_META_DATA_LENGTH}, current value is ${fileLength}`,
        )
      }
      const pieces = mapPieces(path, fileLength, mappings)
      this.metadata = pieces.metadata
      this.termLength = this.metadata.getInt32(TERM_LENGTH_OFFSET)
      this.initialTermId = this.metadata.getInt32(INITIAL_TERM_ID_OFFSET)
      this.mtuLength = this.metadata.getInt32(MTU_LENGTH_OFFSET)
      checkTermLength(this.termLength)
      checkMtuLength(this.mtuLength)
      checkPageSize(this.metadata.getInt32(PAGE_SIZE_OFFSET))
      this.terms = pieces.terms(this.termLength)
      if (preTouch) touchPages(this.terms)
    } catch (error) {
      for (const mapping of mappings) mapping.close()
      throw error
    }
  }

  remember(claim: BufferClaim): void {
    if (this.#claims.size >= this.#claimsToSweepAt) this.#forgetSettled()
    this.#claims.add(claim)
  }

  forget(claim: BufferClaim): void {
    if (this.#claims.delete(claim) && this.#closing && this.#claims.size === 0) this.#unmap()
  }

  /**
   * Unmaps the log, once the claims in it are settled. After that it reads as zeros and takes no writes. Closing twice is quiet.
   *
   * @throws MmapError when the system refuses; then it can be tried again
   */
  close(): void {
    this.#closing = true
    for (const claim of this.#claims) {
      if (!claim.hold()) this.#claims.delete(claim)
    }
    if (this.#claims.size === 0) this.#unmap()
  }

  /** The file, opened for reading at the first call, and closed with the log. */
  fileDescriptor(): number {
    return (this.#fileDescriptor ??= openSync(this.#path, 'r'))
  }

  // For who makes a new claim for each message: there are never many more of them than open ones.
  #forgetSettled(): void {
    for (const claim of this.#claims) {
      if (claim.isOpen) continue
      claim.leave()
      this.#claims.delete(claim)
    }
    this.#claimsToSweepAt = Math.max(FEW_CLAIMS, 2 * this.#claims.size)
  }

  #unmap(): void {
    if (this.#fileDescriptor !== undefined) closeSync(this.#fileDescriptor)
    this.#fileDescriptor = undefined
    for (const mapping of this.#mappings) mapping.close()
  }
}

// Adding nothing is a write that changes nothing, also while another process writes.
function touchPages(terms: readonly AtomicBuffer[]): void {
  for (const term of terms) {
    for (let offset = 0; offset < term.capacity; offset += PAGE_MIN_SIZE) term.getAndAddInt32(offset, 0)
  }
}

interface Pieces {
  readonly metadata: AtomicBuffer
  terms(termLength: number): AtomicBuffer[]
}

function mapPieces(path: string, fileLength: number, mappings: MappedFile[]): Pieces {
  const map = (options: { offset?: number; length?: number }): ArrayBuffer => {
    const mapping = mapExistingFile(path, options)
    mappings.push(mapping)
    return mapping.memory
  }
  if (fileLength <= MAX_SINGLE_MAPPING_LENGTH) {
    const memory = map({ length: fileLength })
    return {
      metadata: AtomicBuffer.wrap(memory, fileLength - LOG_META_DATA_LENGTH, LOG_META_DATA_LENGTH),
      terms: (termLength) =>
        Array.from({ length: PARTITION_COUNT }, (_, i) =>
          AtomicBuffer.wrap(memory, i * termLength, termLength),
        ),
    }
  }
  const termsLength = PARTITION_COUNT * TERM_MAX_LENGTH
  const tailLength = fileLength - termsLength
  if (tailLength < LOG_META_DATA_LENGTH) {
    throw new RangeError(
      `Cannot use the log "${path}": a file over ${MAX_SINGLE_MAPPING_LENGTH} bytes must hold three terms of ${TERM_MAX_LENGTH} and metadata, current length is ${fileLength}`,
    )
  }
  const tail = map({ offset: termsLength, length: tailLength })
  return {
    metadata: AtomicBuffer.wrap(tail, tailLength - LOG_META_DATA_LENGTH, LOG_META_DATA_LENGTH),
    terms: (termLength) => {
      if (termLength !== TERM_MAX_LENGTH) {
        throw new RangeError(
          `Cannot use the log "${path}": its term length must be ${TERM_MAX_LENGTH}, current value is ${termLength}`,
        )
      }
      return Array.from({ length: PARTITION_COUNT }, (_, i) =>
        AtomicBuffer.wrap(map({ offset: i * termLength, length: termLength })),
      )
    },
  }
}
