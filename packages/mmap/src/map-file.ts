import { constants } from 'node:buffer'
import { closeSync, fstatSync, ftruncateSync, openSync, unlinkSync } from 'node:fs'
import { bindLibc, isSupportedPlatform, type Libc } from './libc.ts'
import { MappedFile } from './mapped-file.ts'
import { MmapError } from './mmap-error.ts'

/** Which part of an existing file to map, and how. */
export interface MapExistingFileOptions {
  /**
   * Whether the file must not be written. Do not write to such a mapping: the write is lost on Linux and ends the process on macOS.
   * @default false
   */
  readonly readonly?: boolean
  /** Where the mapping starts in the file, in bytes; a multiple of the page size. @default 0 */
  readonly offset?: number
  /** Bytes to map. @default all from the offset to the end of the file */
  readonly length?: number
}

// Bound at the first use, so that importing this package is harmless where files cannot be mapped.
let boundLibc: Libc | undefined

function libcFor(path: string): Libc {
  if (boundLibc !== undefined) return boundLibc
  if (!isSupportedPlatform(process.platform)) {
    throw new MmapError(
      'UNSUPPORTED_PLATFORM',
      path,
      `Cannot map "${path}": memory-mapped files are supported on Linux and macOS, this platform is "${process.platform}"`,
    )
  }
  boundLibc = bindLibc(process.platform)
  return boundLibc
}

/** Gives every failure of the system the one error class; argument errors and our own pass. */
function attempt<T>(path: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof MmapError || error instanceof RangeError || !(error instanceof Error)) throw error
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
    throw new MmapError(code, path, `Cannot map "${path}": ${error.message}`, { cause: error })
  }
}

function mapDescriptor(
  libc: Libc,
  path: string,
  fd: number,
  range: { offset: number; length: number; readonly: boolean },
): MappedFile {
  // Beyond this the runtime ends the process instead of throwing.
  if (range.length > constants.MAX_LENGTH) {
    throw new MmapError(
      'TOO_LARGE',
      path,
      `Cannot map "${path}": length must be at most ${constants.MAX_LENGTH} bytes on this version of Node.js, current length is ` +
        `${range.length}; map it in parts`,
    )
  }
  const address = libc.map(fd, range.offset, range.length, range.readonly)
  try {
    return new MappedFile(libc, path, address, range.length)
  } catch (error) {
    libc.unmap(address, range.length)
    throw error
  }
}

function checkLength(path: string, length: number): void {
  if (!Number.isSafeInteger(length) || length <= 0) {
    throw new RangeError(
      `Cannot map "${path}": length must be a positive integer, current value is ${length}`,
    )
  }
}

function checkOffset(path: string, offset: number, pageSize: number): void {
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % pageSize !== 0) {
    throw new RangeError(
      `Cannot map "${path}": offset must be a multiple of the page size ${pageSize}, current value is ${offset}`,
    )
  }
}

function mapOpenFile(libc: Libc, path: string, fd: number, options: MapExistingFileOptions): MappedFile {
  const stats = fstatSync(fd)
  if (!stats.isFile()) {
    throw new MmapError('NOT_A_FILE', path, `Cannot map "${path}": it must be a regular file`)
  }
  if (stats.size === 0) {
    throw new MmapError(
      'EMPTY_FILE',
      path,
      `Cannot map "${path}": the file is empty, and should have content`,
    )
  }
  const offset = options.offset ?? 0
  checkOffset(path, offset, libc.pageSize)
  const length = options.length ?? stats.size - offset
  if (options.length !== undefined) checkLength(path, length)
  // The system maps such a range, and ends the process when the part without a file is touched.
  if (length <= 0 || offset + length > stats.size) {
    throw new MmapError(
      'BEYOND_END_OF_FILE',
      path,
      `Cannot map "${path}": the range must lie within its ${stats.size} bytes, current range is ${length} bytes from ${offset}`,
    )
  }
  return mapDescriptor(libc, path, fd, { offset, length, readonly: options.readonly ?? false })
}

/**
 * Maps a file that exists, shared with every other process that maps it.
 * The file must not be truncated while it is mapped: the system ends a process that touches what is no longer there.
 *
 * @throws MmapError when the file cannot be opened or mapped, is empty, or does not contain the range
 * @throws RangeError when the offset is not a multiple of the page size, or the length not a positive integer
 */
export function mapExistingFile(path: string, options: MapExistingFileOptions = {}): MappedFile {
  const libc = libcFor(path)
  return attempt(path, () => {
    const fd = openSync(path, options.readonly === true ? 'r' : 'r+')
    try {
      return mapOpenFile(libc, path, fd, options)
    } finally {
      closeSync(fd)
    }
  })
}

/**
 * Creates a file of `length` zero bytes and maps it. Blocks are taken from the file system as pages are first written.
 *
 * @throws MmapError when the file exists (`EEXIST`) or cannot be created or mapped; no file is left then
 * @throws RangeError when the length is not a positive integer
 */
export function mapNewFile(path: string, length: number): MappedFile {
  const libc = libcFor(path)
  checkLength(path, length)
  return attempt(path, () => {
    const fd = openSync(path, 'wx+')
    try {
      ftruncateSync(fd, length)
      return mapDescriptor(libc, path, fd, { offset: 0, length, readonly: false })
    } catch (error) {
      unlinkSync(path)
      throw error
    } finally {
      closeSync(fd)
    }
  })
}
