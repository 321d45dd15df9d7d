import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import type { SoakReport } from './soak-figures.ts'

const PROGRAM = fileURLToPath(new URL('soak.ts', import.meta.url))

/** What a soak does, over and over; the amount is in rounds, of `mixed` in seconds. */
export type SoakKind = 'publications' | 'counters' | 'streams' | 'clients' | 'mixed'

/** Runs a soak in a process of its own. */
export async function runSoak(aeronDirectory: string, kind: SoakKind, amount: number): Promise<SoakReport> {
  const flags = ['--expose-gc', '--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  const args = [...flags, PROGRAM, aeronDirectory, kind, String(amount)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as SoakReport
}

/** Nothing is left of what was closed; memory may grow by what the runtime itself takes, in kilobytes. */
export function expectNoGrowth({ before, after, errors }: SoakReport, residentKilobytes: number): void {
  expect(errors).toEqual([])
  expect(after.driverMappings - before.driverMappings).toBe(0)
  expect(after.fileDescriptors - before.fileDescriptors).toBe(0)
  // Seen: up to 65 more than before, none of them a file of the driver's. Where they come from was not looked into.
  expect(after.mappings - before.mappings).toBeLessThan(90)
  expect(after.residentKilobytes - before.residentKilobytes).toBeLessThan(residentKilobytes)
}
