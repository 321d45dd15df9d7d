import { createSocket } from 'node:dgram'
import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { AeronToolingError } from './aeron-tooling-error.ts'
import { reaper } from './reaper.ts'

// Ours: below the ports that Linux (32768 and up) and macOS (49152 and up) hand out by themselves, so that no socket bound to
// port 0 can take one while its server is not up yet or is being restarted; above the fixed ports of Aeron's samples.
const FIRST_PORT = 23_000
const PORT_COUNT = 9_700

/** A reservation this old is from a machine that went down: the reaper removes those of processes that went down. */
const STALE_MS = 24 * 3_600_000

/** Ports on loopback that nobody who asks here gets until they are released. */
export interface PortReservation {
  readonly ports: readonly number[]
  release(): void
}

function lockPath(port: number): string {
  return join(tmpdir(), `aeron-node-port-${userInfo().uid}-${port}`)
}

/** Claims a port among the processes that reserve ports here; false when another has it. */
function tryLock(port: number): boolean {
  const path = lockPath(port)
  reaper.watchPath(path)
  for (const isRetry of [false, true]) {
    try {
      closeSync(openSync(path, 'wx'))
      return true
    } catch {
      const stat = statSync(path, { throwIfNoEntry: false })
      if (isRetry || (stat !== undefined && Date.now() - stat.mtimeMs < STALE_MS)) break
      rmSync(path, { force: true })
    }
  }
  reaper.forgetPath(path)
  return false
}

function unlock(port: number): void {
  rmSync(lockPath(port), { force: true })
  reaper.forgetPath(lockPath(port))
}

async function isUdpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => socket.close(() => resolve(true)))
  })
}

async function isTcpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Reserves `count` ports from `first` on, or none of them. */
async function tryReserve(first: number, count: number): Promise<readonly number[] | undefined> {
  const locked: number[] = []
  for (let port = first; port < first + count; port++) {
    const isOurs = tryLock(port)
    if (isOurs) locked.push(port)
    if (isOurs && (await isUdpFree(port)) && (await isTcpFree(port))) continue
    locked.forEach(unlock)
    return undefined
  }
  return locked
}

/**
 * Reserves consecutive loopback ports that are free for UDP and TCP, until they are released or this process ends. Processes
 * that reserve at the same time get different ones.
 *
 * @throws {AeronToolingError} PORTS_EXHAUSTED when there is no such run of ports.
 */
export async function reservePorts(count: number): Promise<PortReservation> {
  // Starting at random keeps parallel processes from walking over the same taken ports.
  const start = Math.floor(Math.random() * PORT_COUNT)
  for (let step = 0; step < PORT_COUNT; step++) {
    const offset = (start + step) % PORT_COUNT
    if (offset + count > PORT_COUNT) continue
    const ports = await tryReserve(FIRST_PORT + offset, count)
    if (ports !== undefined) return { ports, release: () => ports.forEach(unlock) }
  }
  throw new AeronToolingError(
    'PORTS_EXHAUSTED',
    `Cannot reserve ${count} consecutive ports: none are free between ${FIRST_PORT} and ${FIRST_PORT + PORT_COUNT - 1}; end what holds them`,
    { count },
  )
}
