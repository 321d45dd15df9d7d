import { closeSync, openSync, readSync, writeSync } from 'node:fs'

/** Where the block of a mark file tells when its owner was last alive. Protocol: ClusterMarkFile, ArchiveMarkFile. */
const ACTIVITY_TIMESTAMP_OFFSET = 8
/** The block stands behind an SBE header since Aeron 1.47; before there is none. */
const SBE_HEADER_LENGTH = 8
const MARK_FILE_HEADER_TEMPLATE_ID = 200

/** What the owner itself writes there at an orderly end. */
const NOT_ACTIVE = -1n

/**
 * Writes into a mark file what its owner would have written at an orderly end. Aeron refuses to start for ten seconds after a
 * kill because the owner may be alive; only who has seen its end may do this.
 */
export function markInactive(path: string): void {
  let file: number
  try {
    file = openSync(path, 'r+')
  } catch {
    // Killed before it made one.
    return
  }
  try {
    const header = Buffer.alloc(SBE_HEADER_LENGTH)
    readSync(file, header, 0, header.length, 0)
    const blockOffset = header.readUInt16LE(2) === MARK_FILE_HEADER_TEMPLATE_ID ? SBE_HEADER_LENGTH : 0
    const timestamp = Buffer.alloc(8)
    timestamp.writeBigInt64LE(NOT_ACTIVE)
    writeSync(file, timestamp, 0, 8, blockOffset + ACTIVITY_TIMESTAMP_OFFSET)
  } finally {
    closeSync(file)
  }
}
