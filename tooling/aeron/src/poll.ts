import { setTimeout as sleep } from 'node:timers/promises'
import { AeronToolingError } from './aeron-tooling-error.ts'

/** Options of {@link poll}. */
export interface PollOptions {
  /** What is waited for, to follow "Cannot" in the error: "start the media driver". */
  readonly action: string
  readonly timeoutMs: number
  /** Pause between two looks. @default 10 */
  readonly intervalMs?: number | undefined
  /** Called before each look; throws when waiting has become pointless. */
  readonly check?: (() => void) | undefined
  /** What to add to the error when the deadline has passed. */
  readonly describe?: (() => string) | undefined
}

/**
 * Looks again and again until `probe` gives something other than undefined or false, and returns it.
 *
 * @throws {AeronToolingError} TIMED_OUT when the deadline passes first; and whatever `check` throws.
 */
export async function poll<T>(probe: () => T | undefined | false, options: PollOptions): Promise<T> {
  const { action, timeoutMs, intervalMs = 10, check, describe } = options
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const found = probe()
    if (found !== undefined && found !== false) return found
    check?.()
    if (performance.now() >= deadline) {
      const details = describe?.() ?? ''
      const separator = details === '' ? '' : '; '
      throw new AeronToolingError(
        'TIMED_OUT',
        `Cannot ${action}: not done after ${timeoutMs} ms${separator}${details}`,
        { timeoutMs },
      )
    }
    await sleep(intervalMs)
  }
}
