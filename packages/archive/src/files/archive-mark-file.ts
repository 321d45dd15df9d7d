import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AtomicBuffer, versionToString } from '@x/atomic'
import { type ErrorObservation, errorObservations } from '@x/atomic/status'
import { MarkFileHeaderDecoder, MessageHeaderDecoder } from '@x/codecs/archive-mark'

/** Protocol: Aeron's `ArchiveMarkFile`, as all of this file. */
const FILE_NAME = 'archive-mark.dat'
/** Says where the mark file is, when it is elsewhere. */
const LINK_FILE_NAME = 'archive-mark.lnk'
/** Bytes in front of the error log in files that do not tell. */
const HEADER_LENGTH = 8192
/** Schema of files without a message header, which archives before 1.47 write. */
const VERSION_WITHOUT_HEADER = 1

/** What an archive says of itself in its mark file; times in milliseconds since the epoch. */
export interface ArchiveMarkFile {
  readonly path: string
  /** Version of the format, as `major.minor.patch`. */
  readonly version: string
  readonly pid: number
  readonly startTimestamp: bigint
  /** When the archive was last alive; -1 after it was closed. */
  readonly activityTimestamp: bigint
  /** `undefined` before 1.47. */
  readonly archiveId: bigint | undefined
  readonly controlChannel: string
  readonly controlStreamId: number
  readonly localControlChannel: string
  readonly localControlStreamId: number
  /** Empty if recording events are disabled. */
  readonly eventsChannel: string
  readonly eventsStreamId: number
  /** Directory of its media driver. */
  readonly aeronDirectory: string
  /** Its error log. */
  readonly errors: readonly ErrorObservation[]
}

/**
 * Reads the mark file of an archive, which may be running or not: what Aeron's `ArchiveTool` prints as description, process id and errors.
 *
 * @throws Error with the `code` of Node.js, such as `ENOENT`, when the file cannot be read
 */
export function readArchiveMarkFile(archiveDirectory: string): ArchiveMarkFile {
  const link = join(archiveDirectory, LINK_FILE_NAME)
  const directory = existsSync(link) ? readFileSync(link, 'latin1').trim() : archiveDirectory
  const path = join(directory, FILE_NAME)
  const buffer = AtomicBuffer.wrap(readFileSync(path))
  const header = headerOf(buffer)
  const { controlChannel, localControlChannel, eventsChannel, archiveId } = header
  return {
    path,
    version: versionToString(header.version),
    pid: Number(header.pid),
    startTimestamp: header.startTimestamp,
    activityTimestamp: header.activityTimestamp,
    archiveId: archiveId === MarkFileHeaderDecoder.ARCHIVE_ID_NULL ? undefined : archiveId,
    controlChannel,
    controlStreamId: header.controlStreamId,
    localControlChannel,
    localControlStreamId: header.localControlStreamId,
    eventsChannel,
    eventsStreamId: header.eventsStreamId,
    aeronDirectory: header.aeronDirectory,
    errors: errorsOf(buffer, header),
  }
}

function headerOf(buffer: AtomicBuffer): MarkFileHeaderDecoder {
  const { BLOCK_LENGTH, SCHEMA_ID, TEMPLATE_ID } = MarkFileHeaderDecoder
  const message = new MessageHeaderDecoder().wrap(buffer, 0)
  const header = new MarkFileHeaderDecoder()
  if (message.templateId === TEMPLATE_ID && message.schemaId === SCHEMA_ID) {
    return header.wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH, message.blockLength, message.version)
  }
  return header.wrap(buffer, 0, BLOCK_LENGTH, VERSION_WITHOUT_HEADER)
}

function errorsOf(buffer: AtomicBuffer, header: MarkFileHeaderDecoder): ErrorObservation[] {
  const { errorBufferLength, headerLength } = header
  const offset = headerLength === MarkFileHeaderDecoder.HEADER_LENGTH_NULL ? HEADER_LENGTH : headerLength
  const length = Math.min(errorBufferLength, buffer.capacity - offset)
  return length > 0 ? errorObservations(buffer.slice(offset, length)) : []
}
