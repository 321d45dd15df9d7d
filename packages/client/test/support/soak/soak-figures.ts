import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a process holds at one moment. */
export interface Figures {
  readonly residentKilobytes: number
  /** All mappings, lines of /proc/self/maps. */
  readonly mappings: number
  /** Of those, mappings of the driver's files. */
  readonly driverMappings: number
  readonly fileDescriptors: number
}

/** What a soak prints, as JSON, when it is over. */
export interface SoakReport {
  readonly rounds: number
  readonly before: Figures
  readonly after: Figures
  readonly mostMappings: number
  readonly errors: readonly string[]
}

/** How many lines of this process's map of memory there are, without collecting anything first. */
export function countMappings(): number {
  return readFileSync('/proc/self/maps', 'utf8').trim().split('\n').length
}

/** The client keeps the log of what the application closes mapped for a second. */
const CLOSE_LINGER_MS = 1_000

/** Waits until what was closed has been let go, collects what can be, and counts what is left. */
export async function readFigures(aeronDirectory: string): Promise<Figures> {
  await sleep(1.2 * CLOSE_LINGER_MS)
  for (let i = 0; i < 5; i++) {
    globalThis.gc?.()
    await sleep(20)
  }
  const lines = readFileSync('/proc/self/maps', 'utf8').trim().split('\n')
  const status = readFileSync('/proc/self/status', 'utf8')
  return {
    residentKilobytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]),
    mappings: lines.length,
    driverMappings: lines.filter((line) => line.includes(aeronDirectory)).length,
    fileDescriptors: readdirSync('/proc/self/fd').length,
  }
}
