/**
 * What {@link MmapError.code} may be besides the name of an operating system error (`ENOENT`, `EEXIST`, `EACCES`, `ENOMEM` ...):
 * - `UNSUPPORTED_PLATFORM`: memory-mapped files are supported on Linux and macOS only
 * - `EMPTY_FILE`: the file has no bytes, so there is nothing to map
 * - `NOT_A_FILE`: the path names something else than a regular file
 * - `BEYOND_END_OF_FILE`: the range asked for is not all in the file; touching the rest would end the process
 * - `TOO_LARGE`: the range is longer than an `ArrayBuffer` can be on this version of Node.js (4 GiB on Node.js 20)
 * - `CLOSED`: the mapping has been closed
 */
export type MmapErrorCode =
  | 'UNSUPPORTED_PLATFORM'
  | 'EMPTY_FILE'
  | 'NOT_A_FILE'
  | 'BEYOND_END_OF_FILE'
  | 'TOO_LARGE'
  | 'CLOSED'
  | (string & {})

/** A file could not be mapped, synced or closed; tell the reasons apart by {@link code}. */
export class MmapError extends Error {
  override readonly name = 'MmapError'
  /** Name of the operating system's error, or one of this package's own. */
  readonly code: MmapErrorCode
  /** The file it is about. */
  readonly path: string

  constructor(code: MmapErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.path = path
  }
}
