import { setTimeout as sleep } from 'node:timers/promises'

/** For what happens at once, on a machine that is busy with others. */
const WAIT_MS = 30_000

/** Waits until `condition` holds, letting the event loop run. @throws Error when it does not in time */
export async function eventually(condition: () => boolean, timeoutMs: number = WAIT_MS): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs
  while (!condition()) {
    if (performance.now() > deadlineMs)
      throw new Error(`Nothing for ${timeoutMs} ms: ${condition.toString()}`)
    await sleep(1)
  }
}
