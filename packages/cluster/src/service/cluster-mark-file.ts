import { rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { align, AtomicBuffer } from '@x/atomic'
import { readErrorLog } from '@x/atomic/status'
import type { EpochClock } from '@x/idlestrategy'
import { mapExistingFile, mapNewFile, MmapError, type MappedFile } from '@x/mmap'
import { ClusterError } from '../cluster-error.ts'
import * as layout from './cluster-mark-layout.ts'

/** A mark file is active when its timestamp is younger than this, in milliseconds. Protocol: Aeron's ClusteredServiceContainer. */
export const MARK_FILE_LIVENESS_TIMEOUT_MS = 10_000

/** What a container writes into its mark file. */
export interface ClusterMarkFileOptions {
  readonly clusterDirectory: string
  readonly markFileDirectory: string
  readonly clusterId: number
  readonly serviceId: number
  readonly serviceName: string
  readonly aeronDirectory: string
  readonly controlChannel: string
  readonly serviceStreamId: number
  readonly consensusModuleStreamId: number
  readonly archiveStreamId: number
  readonly errorBufferLength: number
  readonly epochClock: EpochClock
}

/** Name of a service's mark file. */
export function markFileName(serviceId: number): string {
  return `cluster-mark-service-${serviceId}.dat`
}

/** Name of the file in the cluster directory that says where the mark file is, if it is elsewhere. */
export function linkFileName(serviceId: number): string {
  return `cluster-mark-service-${serviceId}.lnk`
}

/**
 * The file by which a container shows that it lives, guards against a second one, and keeps its error log; ClusterTool reads it.
 * Source: `io.aeron.cluster.service.ClusterMarkFile`.
 */
export class ClusterMarkFile implements Disposable {
  readonly path: string
  /** The error log's region. */
  readonly errorBuffer: AtomicBuffer
  readonly #file: MappedFile
  readonly #buffer: AtomicBuffer
  readonly #block: AtomicBuffer
  readonly #options: ClusterMarkFileOptions

  private constructor(file: MappedFile, options: ClusterMarkFileOptions) {
    this.path = file.path
    this.#file = file
    this.#options = options
    this.#buffer = AtomicBuffer.wrap(file.memory)
    this.#block = this.#buffer.slice(layout.MARK_BLOCK_OFFSET, layout.MARK_SBE_HEADER.blockLength)
    this.errorBuffer = this.#buffer.slice(layout.MARK_HEADER_LENGTH, options.errorBufferLength)
  }

  /**
   * Takes the mark file over, or makes it. Throws ACTIVE_MARK_FILE while another container holds it, and MARK_FILE_INVALID for a
   * file of another component or format; that file is left as it is.
   */
  static open(options: ClusterMarkFileOptions): ClusterMarkFile {
    const path = join(options.markFileDirectory, markFileName(options.serviceId))
    const length = align(layout.MARK_HEADER_LENGTH + options.errorBufferLength, layout.MARK_FILE_ALIGNMENT)
    const created = createUnlessThere(path, length)
    const candidateTermId = created === undefined ? takeOver(path, length, options) : layout.NOT_ACTIVE
    const markFile = new ClusterMarkFile(created ?? mapExistingFile(path), options)
    // A file of our own making could have been found and taken over in the meantime.
    if (created !== undefined) activate(path, markFile.#block, options)
    markFile.#begin(candidateTermId)
    return markFile
  }

  /** Writes what is known once the container stands, and opens the file to readers. */
  signalReady(): void {
    const { clusterDirectory, markFileDirectory, serviceId } = this.#options
    const link = join(clusterDirectory, linkFileName(serviceId))
    if (markFileDirectory === clusterDirectory) rmSync(link, { force: true })
    else writeFileSync(link, markFileDirectory)
    this.#block.putInt64Release(layout.ACTIVITY_TIMESTAMP_OFFSET, this.#nowMs())
    this.#block.putInt32Release(layout.VERSION_OFFSET, layout.MARK_FILE_VERSION)
    this.#file.sync()
  }

  /**
   * Shows that the container is being opened, and will not show it again for `waitMs`. Java's leaves the file as it is while it is taken over, which a
   * process that is killed meanwhile leaves so for ever.
   */
  claimFor(waitMs: number): void {
    this.#block.putInt64Release(layout.ACTIVITY_TIMESTAMP_OFFSET, this.#nowMs() + BigInt(Math.ceil(waitMs)))
  }

  /** Shows that the container lives; each second. */
  updateActivityTimestamp(): void {
    this.#block.putInt64Release(layout.ACTIVITY_TIMESTAMP_OFFSET, this.#nowMs())
  }

  /** Tells the member that the container serves. */
  setMemberId(memberId: number): void {
    this.#block.putInt32(layout.MEMBER_ID_OFFSET, memberId)
  }

  /** The container ended in whatever way: the next one need not wait. */
  signalTerminated(): void {
    if (this.#file.isClosed) return
    this.#block.putInt64Release(layout.ACTIVITY_TIMESTAMP_OFFSET, layout.NOT_ACTIVE)
    this.#file.sync()
  }

  /** The container could not be made. Other than Java's, the version stays readable once it was: ClusterTool goes on working. */
  signalFailed(): void {
    if (this.#file.isClosed) return
    this.#block.putInt64Release(layout.ACTIVITY_TIMESTAMP_OFFSET, layout.NOT_ACTIVE)
    if (this.#block.getInt32(layout.VERSION_OFFSET) !== layout.MARK_FILE_VERSION) {
      this.#block.putInt32Release(layout.VERSION_OFFSET, layout.MARK_FILE_FAILED_VERSION)
    }
    this.#file.sync()
  }

  close(): void {
    this.#file.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #nowMs(): bigint {
    return BigInt(this.#options.epochClock.timeMs())
  }

  #begin(candidateTermId: bigint): void {
    const { MARK_SBE_HEADER: header } = layout
    const block = this.#block
    this.#buffer.setMemory(
      layout.MARK_BLOCK_OFFSET + layout.START_TIMESTAMP_OFFSET,
      layout.MARK_HEADER_LENGTH - layout.MARK_BLOCK_OFFSET - layout.START_TIMESTAMP_OFFSET,
      0,
    )
    this.errorBuffer.setMemory(0, this.errorBuffer.capacity, 0)
    this.#buffer.putUint16(0, header.blockLength)
    this.#buffer.putUint16(2, header.templateId)
    this.#buffer.putUint16(4, header.schemaId)
    this.#buffer.putUint16(6, header.version)
    block.putInt32(layout.COMPONENT_TYPE_OFFSET, layout.COMPONENT_TYPE_CONTAINER)
    block.putInt64(layout.START_TIMESTAMP_OFFSET, this.#nowMs())
    block.putInt64(layout.PID_OFFSET, BigInt(process.pid))
    block.putInt64(layout.CANDIDATE_TERM_ID_OFFSET, candidateTermId)
    block.putInt32(layout.ARCHIVE_STREAM_ID_OFFSET, this.#options.archiveStreamId)
    block.putInt32(layout.SERVICE_STREAM_ID_OFFSET, this.#options.serviceStreamId)
    block.putInt32(layout.CONSENSUS_MODULE_STREAM_ID_OFFSET, this.#options.consensusModuleStreamId)
    block.putInt32(layout.INGRESS_STREAM_ID_OFFSET, -1)
    block.putInt32(layout.MEMBER_ID_OFFSET, -1)
    block.putInt32(layout.SERVICE_ID_OFFSET, this.#options.serviceId)
    block.putInt32(layout.HEADER_LENGTH_OFFSET, layout.MARK_HEADER_LENGTH)
    block.putInt32(layout.ERROR_BUFFER_LENGTH_OFFSET, this.#options.errorBufferLength)
    block.putInt32(layout.CLUSTER_ID_OFFSET, this.#options.clusterId)
    this.#writeStrings()
  }

  #writeStrings(): void {
    const { aeronDirectory, controlChannel, serviceName } = this.#options
    // In the order of the schema: ingress channel, authenticator and services directory belong to the consensus module.
    const strings = [aeronDirectory, controlChannel, '', serviceName, '', '']
    let offset = layout.MARK_BLOCK_OFFSET + layout.MARK_SBE_HEADER.blockLength
    const end = strings.reduce((sum, text) => sum + 4 + Buffer.byteLength(text), offset)
    if (end > layout.MARK_HEADER_LENGTH) {
      this.signalFailed()
      this.close()
      throw new RangeError(
        `Cannot write mark file "${this.path}": directory, channel and service name must fit into ` +
          `${layout.MARK_HEADER_LENGTH} bytes, current end is ${end}`,
      )
    }
    for (const text of strings) offset += this.#buffer.putStringUtf8(offset, text)
  }
}

function createUnlessThere(path: string, length: number): MappedFile | undefined {
  try {
    return mapNewFile(path, length)
  } catch (error) {
    if (error instanceof MmapError && error.code === 'EEXIST') return undefined
    throw error
  }
}

// Checks an existing file, marks it as being taken over, keeps its errors, and gives it the length we need.
// Returns the candidate term id, which outlives the container.
function takeOver(path: string, length: number, options: ClusterMarkFileOptions): bigint {
  if (statSync(path).size < layout.MARK_BLOCK_OFFSET + layout.MARK_SBE_HEADER.blockLength) {
    throw invalid(path, 'its header must be complete')
  }
  let candidateTermId: bigint
  {
    using file = mapExistingFile(path)
    const buffer = AtomicBuffer.wrap(file.memory)
    const block = buffer.slice(blockOffset(buffer), layout.MARK_SBE_HEADER.blockLength)
    checkVersionAndType(path, block)
    activate(path, block, options)
    candidateTermId = block.getInt64(layout.CANDIDATE_TERM_ID_OFFSET)
    try {
      keepErrors(buffer, block, options)
    } catch (error) {
      // Left as it is, the file would look as if it were being taken over for ever.
      block.putInt64Release(layout.ACTIVITY_TIMESTAMP_OFFSET, layout.NOT_ACTIVE)
      throw error
    }
    // The block of an old file lies where ours has its SBE header: the timestamp must stand at our place too.
    const ourBlock = buffer.slice(layout.MARK_BLOCK_OFFSET, layout.MARK_SBE_HEADER.blockLength)
    ourBlock.putInt64Release(layout.ACTIVITY_TIMESTAMP_OFFSET, layout.ACTIVATING)
    ourBlock.putInt32Release(layout.VERSION_OFFSET, 0)
  }
  if (statSync(path).size !== length) truncateSync(path, length)
  return candidateTermId
}

function blockOffset(buffer: AtomicBuffer): number {
  const { templateId, schemaId } = layout.MARK_SBE_HEADER
  return buffer.getUint16(2) === templateId && buffer.getUint16(4) === schemaId ? layout.MARK_BLOCK_OFFSET : 0
}

function checkVersionAndType(path: string, block: AtomicBuffer): void {
  const version = block.getInt32(layout.VERSION_OFFSET)
  if (version !== layout.MARK_FILE_FAILED_VERSION && version >> 16 !== 0) {
    throw invalid(path, `its major version must be 0, current value is ${version >> 16}`)
  }
  const type = block.getInt32(layout.COMPONENT_TYPE_OFFSET)
  if (type !== layout.COMPONENT_TYPE_CONTAINER && type !== layout.COMPONENT_TYPE_UNKNOWN) {
    throw invalid(
      path,
      `its component type must be ${layout.COMPONENT_TYPE_CONTAINER} (container), current value is ${type}`,
    )
  }
}

function activate(path: string, block: AtomicBuffer, { epochClock }: ClusterMarkFileOptions): void {
  const activityTimestampMs = block.getInt64Acquire(layout.ACTIVITY_TIMESTAMP_OFFSET)
  const ageMs = BigInt(epochClock.timeMs()) - activityTimestampMs
  const isActive = activityTimestampMs !== layout.NOT_ACTIVE && ageMs < BigInt(MARK_FILE_LIVENESS_TIMEOUT_MS)
  // Two that start at once both see an old timestamp: only one may change it.
  const isTaken =
    !isActive &&
    block.compareAndSetInt64(layout.ACTIVITY_TIMESTAMP_OFFSET, activityTimestampMs, layout.ACTIVATING)
  if (isTaken) return
  const what =
    activityTimestampMs === layout.ACTIVATING
      ? 'another container is taking it over'
      : `its last activity was ${ageMs} ms ago`
  throw new ClusterError(
    'ACTIVE_MARK_FILE',
    `Cannot open mark file "${path}": it must not be active, and ${what}; another container of this service runs, or one ` +
      `was killed, and its place can be taken ${MARK_FILE_LIVENESS_TIMEOUT_MS} ms after its last activity`,
    { path, activityTimestampMs, livenessTimeoutMs: MARK_FILE_LIVENESS_TIMEOUT_MS },
  )
}

// The errors of the container before us would be lost with its log: they go to a file beside.
function keepErrors(buffer: AtomicBuffer, block: AtomicBuffer, options: ClusterMarkFileOptions): void {
  const length = Math.min(
    block.getInt32(layout.ERROR_BUFFER_LENGTH_OFFSET),
    buffer.capacity - layout.MARK_HEADER_LENGTH,
  )
  if (length <= 0) return
  const lines: string[] = []
  readErrorLog(
    buffer.slice(layout.MARK_HEADER_LENGTH, length),
    (observationCount, firstTimestampMs, lastTimestampMs, text) => {
      const [first, last] = [firstTimestampMs, lastTimestampMs].map(timeText)
      lines.push(`${observationCount} observations from ${first} to ${last} for:\n ${text}\n`)
    },
  )
  if (lines.length === 0) return
  const stamp = new Date(options.epochClock.timeMs()).toISOString().replaceAll(/[:.]/g, '-')
  writeFileSync(join(options.markFileDirectory, `CONTAINER-${stamp}-error.log`), lines.join('\n'))
}

// A damaged log may have any number for a time.
function timeText(timestampMs: bigint): string {
  const date = new Date(Number(timestampMs))
  return Number.isNaN(date.getTime()) ? `${timestampMs} ms` : date.toISOString()
}

function invalid(path: string, what: string): ClusterError<'MARK_FILE_INVALID'> {
  return new ClusterError('MARK_FILE_INVALID', `Cannot open mark file "${path}": ${what}`, { path })
}
