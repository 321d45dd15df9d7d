/** What is open and wants to be told when this process, or this worker thread, exits. */
const open = new Set<() => void>()

function closeAll(): void {
  for (const close of open) {
    try {
      close()
    } catch {
      // Nobody is left to tell, and the others must have their turn.
    }
  }
  open.clear()
}

/**
 * Calls `close` when the process exits: at its natural end, at `process.exit()`, also in a callback, and after an uncaught error; not when a
 * signal ends it. One listener serves all, for Node.js warns of many.
 *
 * @returns forgets it
 */
export function closeAtExit(close: () => void): () => void {
  if (open.size === 0) process.on('exit', closeAll)
  open.add(close)
  return () => {
    if (open.delete(close) && open.size === 0) process.off('exit', closeAll)
  }
}
