import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a member wrote about itself at one place of the log. */
export interface LedgerReport {
  readonly entries: number
  readonly timers: number
  readonly pending: number
  readonly hash: string
  readonly position: number
}

/** The last report with this id in a member's folder; a replay writes it again. */
export function readReport(clusterDirectory: string, id: bigint): LedgerReport | undefined {
  const path = join(clusterDirectory, 'ledger.txt')
  if (!existsSync(path)) return undefined
  const pattern = new RegExp(
    `^report ${id} entries (\\d+) timers (\\d+) pending (\\d+) hash (\\w+) position (\\d+)$`,
    'gm',
  )
  const last = [...readFileSync(path, 'utf8').matchAll(pattern)].at(-1)
  if (last === undefined) return undefined
  const [, entries, timers, pending, hash = '', position] = last
  return {
    entries: Number(entries),
    timers: Number(timers),
    pending: Number(pending),
    hash,
    position: Number(position),
  }
}

/** How often each entry is in the ledger, by where it came from and its sequence. */
export function readEntries(clusterDirectory: string, id: bigint): Map<string, number> {
  const bytes = readFileSync(join(clusterDirectory, `ledger-${id}.bin`))
  const counts = new Map<string, number>()
  for (let at = 0; at < bytes.length; at += 16) {
    const key = `${bytes.readBigInt64LE(at)}:${bytes.readBigInt64LE(at + 8)}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
