import { SleepingMillisIdleStrategy } from '@x/idlestrategy'

/** Between two steps of a connect that waits, in milliseconds. Ours: the least that a timer can do. */
const STEP_MS = 1

interface Connecting<T> extends Disposable {
  poll(): T | undefined
}

/** Polls a connect from timers until it is done; an aborted signal gives it up. */
export async function awaitConnect<T>(
  connecting: Connecting<T>,
  signal: AbortSignal | undefined,
): Promise<T> {
  using polled = connecting
  for (;;) {
    signal?.throwIfAborted()
    const result = polled.poll()
    if (result !== undefined) return result
    await new Promise((resolve) => setTimeout(resolve, STEP_MS))
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
