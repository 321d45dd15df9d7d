import { unwatchFile, watchFile, type Stats } from 'node:fs'
import { resolve } from 'node:path'

/** Ours: how often a file is looked at. */
const LOOK_MS = 100

/** Ours: an editor writes a file in several steps, and all of them are one change. */
const SETTLE_MS = 50

/** Watches files until it is closed. */
export interface FileWatch {
  close(): void
}

/**
 * Calls `onChange` after one of the files has changed, come or gone; what it returns is watched from then on. Files are looked
 * at by name, and need not exist, nor their folders: editors put a new file in the place of the old one, and a branch that is
 * checked out takes folders away for a while.
 */
export function watchFiles(files: Iterable<string>, onChange: () => Iterable<string>): FileWatch {
  let watched = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const noticed = (now: Stats, before: Stats): void => {
    // Node.js tells of a file that is not there when it is first looked at.
    if (now.nlink === 0 && before.nlink === 0) return
    clearTimeout(timer)
    timer = setTimeout(() => use(onChange()), SETTLE_MS)
  }
  const use = (now: Iterable<string>): void => {
    const before = watched
    watched = new Set(Array.from(now, (file) => resolve(file)))
    for (const file of before) if (!watched.has(file)) unwatchFile(file, noticed)
    for (const file of watched) if (!before.has(file)) watchFile(file, { interval: LOOK_MS }, noticed)
  }
  use(files)
  return {
    close: () => {
      clearTimeout(timer)
      use([])
    },
  }
}
