import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reservePorts } from './free-ports.ts'
import type { PortReservation } from './free-ports.ts'
import { reaper } from './reaper.ts'

/** Set to 1 to keep the folders of everything that is started, to look at them afterwards. */
const KEEP_FILES_VARIABLE = 'AERON_KEEP_FILES'

function uniqueName(name: string): string {
  return `aeron-node-${name}-${process.pid}-${randomBytes(4).toString('hex')}`
}

/**
 * Where media drivers keep their files: memory, where there is a file system for it, because a log buffer on a disk costs
 * writes to that disk.
 */
function driverFolder(): string {
  return process.platform === 'linux' && existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
}

function removePath(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3 })
}

/** Splits into those for which the test is true, and the others. */
function partition<T>(values: readonly T[], test: (value: T) => boolean): readonly [T[], T[]] {
  return [values.filter(test), values.filter((value) => !test(value))]
}

/**
 * The folder of one started thing: logs, archive and cluster files; and the driver folders that go with it. All is removed at
 * `remove()`, or by the reaper when this process ends first.
 */
export class RunDirectory {
  /** Absolute path. */
  readonly path: string
  /** What was started: part of the names of its folders. */
  readonly name: string
  readonly #keepFiles: boolean
  readonly #watched: string[] = []
  readonly #reservations: PortReservation[] = []
  #removed = false

  private constructor(name: string, keepFiles: boolean) {
    this.name = name
    this.#keepFiles = keepFiles
    this.path = this.#watch(join(tmpdir(), uniqueName(name)))
    mkdirSync(this.path, { recursive: true })
  }

  /** Creates the folder under the system's folder for temporary files. */
  static create(name: string, options: { readonly keepFiles?: boolean | undefined } = {}): RunDirectory {
    return new RunDirectory(name, options.keepFiles ?? process.env[KEEP_FILES_VARIABLE] === '1')
  }

  /** A path for a driver's files, unique on this machine; the driver creates it. */
  driverDirectory(): string {
    return this.#watch(join(driverFolder(), uniqueName(this.name)))
  }

  /** Removes this file or folder together with the run directory. */
  alsoRemove(path: string): void {
    this.#watch(path)
  }

  /** Reserves consecutive loopback ports for as long as the folder is there. */
  async reservePorts(count: number): Promise<readonly number[]> {
    const reservation = await reservePorts(count)
    this.#reservations.push(reservation)
    return reservation.ports
  }

  /** Removes everything. Doing so twice is quiet. */
  remove(): void {
    if (this.#removed) return
    this.#removed = true
    for (const reservation of this.#reservations) reservation.release()
    for (const path of this.#watched) {
      if (!this.#keepFiles) removePath(path)
      reaper.forgetPath(path)
    }
  }

  /** Removes everything but the logs, which then outlive this process: what a failed start leaves to read. */
  removeAllButLogs(): void {
    if (this.#removed) return
    const [logs, others] = partition(readdirSync(this.path), (name) => name.endsWith('.log'))
    if (logs.length > 0) {
      if (!this.#keepFiles) others.forEach((name) => removePath(join(this.path, name)))
      reaper.forgetPath(this.path)
      this.#watched.splice(this.#watched.indexOf(this.path), 1)
    }
    this.remove()
  }

  #watch(path: string): string {
    this.#watched.push(path)
    if (!this.#keepFiles) reaper.watchPath(path)
    return path
  }
}
