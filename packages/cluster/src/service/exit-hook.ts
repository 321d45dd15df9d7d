const closers = new Set<() => void>()

function closeAll(): void {
  for (const close of closers) {
    try {
      close()
    } catch {
      // The process ends, and the others are to be told all the same.
    }
  }
}

/**
 * Has `close` called when this process, or worker thread, ends without having closed what it should: by `process.exit`, an uncaught exception,
 * or with nothing left to do. It must be synchronous. Returns what takes that back.
 */
export function closeAtExit(close: () => void): () => void {
  // One listener for all: each container its own would look like a leak.
  if (closers.size === 0) process.on('exit', closeAll)
  closers.add(close)
  return () => {
    closers.delete(close)
    if (closers.size === 0) process.off('exit', closeAll)
  }
}
