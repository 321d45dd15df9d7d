import { setTimeout as sleep } from 'node:timers/promises'
import { AeronError } from '../aeron-error.ts'
import type { ResolvedAeronOptions } from '../aeron-options.ts'
import { CncFile } from './cnc-file.ts'
import { diagnoseAbsence } from './connect-diagnosis.ts'

/** Looks for a live driver until there is one or time is up; yields how long to wait before it looks again, in milliseconds. */
function* lookForDriver(options: ResolvedAeronOptions): Generator<number, CncFile, undefined> {
  const { aeronDirectory, driverTimeoutMs, epochClock, nanoClock } = options
  const deadlineNs = nanoClock.nanoTime() + BigInt(Math.ceil(driverTimeoutMs * 1e6))
  for (;;) {
    const opened = CncFile.tryOpen(aeronDirectory, epochClock.timeMs(), driverTimeoutMs)
    if (opened instanceof CncFile) return opened
    if (nanoClock.nanoTime() > deadlineNs) {
      const { step, detail } = diagnoseAbsence(aeronDirectory)
      throw new AeronError(
        'DRIVER_TIMEOUT',
        `Cannot connect to the driver in "${aeronDirectory}": a live driver must be there within ${driverTimeoutMs} ms, but there is ${opened.reason}: ${detail}`,
        { aeronDirectory, driverTimeoutMs, reason: opened.reason, step },
        opened.cause === undefined ? undefined : { cause: opened.cause },
      )
    }
    yield opened.retryAfterMs
  }
}

function checkKeepAlive(options: ResolvedAeronOptions, cncFile: CncFile): CncFile {
  const { keepAliveIntervalMs } = options
  const livenessMs = cncFile.clientLivenessTimeoutMs
  if (keepAliveIntervalMs < livenessMs) return cncFile
  cncFile.close()
  throw new RangeError(
    `Cannot connect to Aeron: keepAliveIntervalMs must be under the driver's client liveness timeout of ${livenessMs} ms, current value is ${keepAliveIntervalMs}`,
  )
}

/**
 * Waits for a live driver and maps its `cnc.dat`.
 *
 * @throws AeronError `DRIVER_TIMEOUT`, `CNC_VERSION_UNSUPPORTED`, `CNC_MALFORMED`
 */
export async function connectCncFile(
  options: ResolvedAeronOptions,
  signal: AbortSignal | undefined,
): Promise<CncFile> {
  signal?.throwIfAborted()
  const looks = lookForDriver(options)
  for (;;) {
    const look = looks.next()
    if (look.done === true) return checkKeepAlive(options, look.value)
    try {
      await sleep(look.value, undefined, signal === undefined ? undefined : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }
}

/** As {@link connectCncFile}, blocking this thread. */
export function connectCncFileSync(options: ResolvedAeronOptions): CncFile {
  const looks = lookForDriver(options)
  for (;;) {
    const look = looks.next()
    if (look.done === true) return checkKeepAlive(options, look.value)
    blockMs(look.value)
  }
}

/** Blocks this thread. */
export function blockMs(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)
}
