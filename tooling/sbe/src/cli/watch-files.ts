import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'

/** Ours: an editor writes a file in several steps, and all of them are one change. */
const SETTLE_MS = 50

/** Watches files until it is closed. */
export interface FileWatch {
  close(): void
}

/**
 * Calls `onChange` after one of the files has changed; what it returns is watched from then on. Folders are watched in place
 * of files, because editors put a new file in the place of the old one.
 */
export function watchFiles(files: Iterable<string>, onChange: () => Iterable<string>): FileWatch {
  const watchers = new Map<string, FSWatcher>()
  let names = new Map<string, Set<string>>()
  let timer: NodeJS.Timeout | undefined
  const changed = (): void => {
    timer = undefined
    use(onChange())
  }
  const use = (now: Iterable<string>): void => {
    names = byFolder(now)
    for (const [folder, watcher] of watchers) {
      if (names.has(folder)) continue
      watcher.close()
      watchers.delete(folder)
    }
    for (const folder of names.keys()) {
      if (watchers.has(folder)) continue
      const watcher = watch(folder, (_, name) => {
        if (name !== null && names.get(folder)?.has(name) !== true) return
        clearTimeout(timer)
        timer = setTimeout(changed, SETTLE_MS)
      })
      // A folder that is removed ends its watcher; the files in it are reported when they are read.
      watcher.on('error', () => watcher.close())
      watchers.set(folder, watcher)
    }
  }
  use(files)
  return {
    close: () => {
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
    },
  }
}

function byFolder(files: Iterable<string>): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>()
  for (const file of files) {
    const folder = dirname(resolve(file))
    const own = names.get(folder) ?? new Set()
    names.set(folder, own.add(basename(file)))
  }
  return names
}
