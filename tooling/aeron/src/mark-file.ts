import { closeSync, openSync, writeSync } from 'node:fs'

/** Where a mark file tells when its owner was last alive. Protocol: 8 bytes of SBE header, then ClusterMarkFile's block. */
const ACTIVITY_TIMESTAMP_OFFSET = 16

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
    const timestamp = Buffer.alloc(8)
    timestamp.writeBigInt64LE(NOT_ACTIVE)
    writeSync(file, timestamp, 0, 8, ACTIVITY_TIMESTAMP_OFFSET)
  } finally {
    closeSync(file)
  }
}
