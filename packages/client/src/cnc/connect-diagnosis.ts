import { accessSync, constants, existsSync, readdirSync, type Stats, statfsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { defaultAeronDirectory } from '../aeron-environment.ts'
import { isDriverActive } from '../driver/driver-directory.ts'
import { CNC_FILE_NAME, CNC_META_DATA_LENGTH } from './cnc-file-descriptor.ts'
import { cncVersionTrouble, readCncVersion } from './cnc-version.ts'

/** What a connect needs, in the order that it needs it. */
export type ConnectStep = 'directory' | 'owner' | 'permissions' | 'space' | 'cnc file' | 'driver'

/** The first step of a connect that does not succeed, and what was found there, with the remedy. */
export interface ConnectDiagnosis {
  readonly step: ConnectStep
  readonly detail: string
}

/** Ours: a driver needs some megabytes for its `cnc.dat` and a log. */
const SPACE_NEEDED = 8 * 1024 * 1024

/** Who looks, and what may be done: this process's own unless a test says otherwise. */
interface Looker {
  readonly userId: number | undefined
  readonly access: (path: string, mode: number) => void
}

/**
 * Looks at what is there, and says why no driver can be connected to; `undefined` when there is a live one. Never throws.
 *
 * @param driverTimeoutMs age of the driver's heartbeat that still counts as alive; 10 seconds by default
 */
export function diagnoseConnect(
  aeronDirectory: string = defaultAeronDirectory(),
  driverTimeoutMs?: number,
): ConnectDiagnosis | undefined {
  return hasLiveDriver(aeronDirectory, driverTimeoutMs) ? undefined : diagnoseAbsence(aeronDirectory)
}

/** As {@link diagnoseConnect}, where it is known that there is no live driver. */
export function diagnoseAbsence(aeronDirectory: string): ConnectDiagnosis {
  return diagnoseConnectAs(aeronDirectory, { userId: process.getuid?.(), access: accessSync })
}

/** As {@link diagnoseAbsence}, for another than this process. */
export function diagnoseConnectAs(aeronDirectory: string, looker: Looker): ConnectDiagnosis {
  const path = join(aeronDirectory, CNC_FILE_NAME)
  return (
    directoryTrouble(aeronDirectory) ??
    accessTrouble(looker, aeronDirectory, constants.R_OK | constants.X_OK) ??
    (existsSync(path) ? accessTrouble(looker, path, constants.R_OK | constants.W_OK) : undefined) ??
    versionTrouble(path) ??
    spaceTrouble(aeronDirectory) ??
    (existsSync(path)
      ? { step: 'driver', detail: 'the driver that made it is gone or stuck: start one, or look at its log' }
      : { step: 'cnc file', detail: 'a driver makes it when it starts: start one there' })
  )
}

function hasLiveDriver(aeronDirectory: string, driverTimeoutMs: number | undefined): boolean {
  try {
    return isDriverActive(aeronDirectory, driverTimeoutMs)
  } catch {
    return false
  }
}

function directoryTrouble(aeronDirectory: string): ConnectDiagnosis | undefined {
  const stats = statOf(aeronDirectory)
  if (stats?.isDirectory() === true) return undefined
  const what = stats === undefined ? 'does not exist' : 'is no directory'
  const others = siblingDrivers(aeronDirectory)
  const hint =
    others.length === 0
      ? 'start a driver with this aeron.dir'
      : `there are drivers in ${others.map((other) => `"${other}"`).join(', ')}: set aeronDirectory or AERON_DIR to one`
  return { step: 'directory', detail: `the directory ${what}; ${hint}` }
}

function accessTrouble(looker: Looker, path: string, mode: number): ConnectDiagnosis | undefined {
  try {
    looker.access(path, mode)
    return undefined
  } catch {
    const stats = statOf(path)
    const mine = looker.userId
    const rights = stats === undefined ? 'unknown' : `0${(stats.mode & 0o777).toString(8)}`
    if (stats !== undefined && mine !== undefined && stats.uid !== mine) {
      return {
        step: 'owner',
        detail: `"${path}" belongs to user ${stats.uid} with mode ${rights}, and this process is user ${mine} (${nameOfUser()}); run both as one user, or give it rights to read and write`,
      }
    }
    return {
      step: 'permissions',
      detail: `"${path}" has mode ${rights}, which does not let this process read and write; change it with chmod`,
    }
  }
}

function versionTrouble(path: string): ConnectDiagnosis | undefined {
  try {
    if (statSync(path).size < CNC_META_DATA_LENGTH) return undefined
    const version = readCncVersion(path)
    const trouble = version === 0 ? undefined : cncVersionTrouble(version)
    return trouble === undefined ? undefined : { step: 'cnc file', detail: `version of "${path}" ${trouble}` }
  } catch {
    return undefined
  }
}

function spaceTrouble(aeronDirectory: string): ConnectDiagnosis | undefined {
  try {
    const { bavail, bsize } = statfsSync(aeronDirectory)
    const free = bavail * bsize
    if (free >= SPACE_NEEDED) return undefined
    return {
      step: 'space',
      detail: `the file system of "${aeronDirectory}" has ${free} bytes left, and a driver needs megabytes; make room, or give a container more shared memory (--shm-size)`,
    }
  } catch {
    return undefined
  }
}

function siblingDrivers(aeronDirectory: string): string[] {
  try {
    const parent = dirname(aeronDirectory)
    return readdirSync(parent)
      .filter((name) => name.startsWith('aeron-'))
      .map((name) => join(parent, name))
      .filter((path) => path !== aeronDirectory && existsSync(join(path, CNC_FILE_NAME)))
      .slice(0, 3)
  } catch {
    return []
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    return 'without a name'
  }
}
