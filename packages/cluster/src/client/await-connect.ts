import { SleepingMillisIdleStrategy } from '@x/idlestrategy'

/** Between two steps of a connect that waits, in milliseconds. Ours: the least that a timer can do. */
const STEP_MS = 1

interface Connecting<T> {
  poll(): T | undefined
  /** Cancels the connect; does nothing when it is done. */
  close(): void
}

/** Polls a connect from timers until it is done; an aborted signal cancels it. */
export async function awaitConnect<T>(
  connecting: Connecting<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  try {
    for (;;) {
      signal?.throwIfAborted()
      const result = connecting.poll()
      if (result !== undefined) return result
      await new Promise((resolve) => setTimeout(resolve, STEP_MS))
    }
  } finally {
    connecting.close()
  }
}

/** Polls a connect until it is done, and blocks this thread meanwhile. */
export function awaitConnectSync<T>(connecting: Connecting<T>): T {
  const idleStrategy = new SleepingMillisIdleStrategy(STEP_MS)
  for (;;) {
    const result = connecting.poll()
    if (result !== undefined) return result
    idleStrategy.idle()
  }
}
