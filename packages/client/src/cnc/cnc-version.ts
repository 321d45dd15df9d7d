import { SIZE_OF_INT32 } from '@x/atomic'
import { closeSync, openSync, readSync } from 'node:fs'
import {
  CNC_VERSION,
  CNC_VERSION_OFFSET,
  majorVersion,
  minorVersion,
  versionText,
} from './cnc-file-descriptor.ts'

/** Reads the version of a `cnc.dat` without mapping it; 0 while its driver is at its start. */
export function readCncVersion(path: string): number {
  const fd = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(SIZE_OF_INT32)
    readSync(fd, bytes, 0, bytes.length, CNC_VERSION_OFFSET)
    return bytes.readInt32LE()
  } finally {
    closeSync(fd)
  }
}

/** What is wrong with a version, and the remedy, to go after "version of ..."; `undefined` for one that this client can use. */
export function cncVersionTrouble(version: number): string | undefined {
  const major = majorVersion(version)
  if (major === majorVersion(CNC_VERSION) && minorVersion(version) >= minorVersion(CNC_VERSION))
    return undefined
  const remedy =
    major > majorVersion(CNC_VERSION)
      ? 'the driver is newer than this client: use a newer @x/client'
      : 'run a driver of Aeron 1.44 or newer'
  return `must be ${versionText(CNC_VERSION)} or newer of the same major, current value is ${versionText(version)}; ${remedy}`
}
