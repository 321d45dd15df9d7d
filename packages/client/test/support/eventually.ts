import { setTimeout as sleep } from 'node:timers/promises'

/** Waits until `condition` holds, letting the event loop run. @throws Error when it does not in time */
export async function eventually(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > deadlineMs)
      throw new Error(`Nothing for ${timeoutMs} ms: ${condition.toString()}`)
    await sleep(1)
  }
}
