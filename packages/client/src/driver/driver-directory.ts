import { AtomicBuffer } from '@x/atomic'
import { type ErrorObservation, errorObservations } from '@x/atomic/status'
import { defaultAeronDirectory } from '../aeron-environment.ts'
import { AeronError } from '../aeron-error.ts'
import { CncFile } from '../cnc/cnc-file.ts'
import { Command } from '../command/control-protocol-events.ts'
import { TerminateDriverFlyweight } from '../command/terminate-driver-flyweight.ts'

/** Source: Aeron's `CommonContext.DRIVER_TIMEOUT_MS`. */
const DRIVER_TIMEOUT_MS = 10_000
const NULL_VALUE = -1n
const TERMINATE_OVERHEAD_LENGTH = 20

/** One distinct error of a driver; times in milliseconds since the epoch. */
export type DriverErrorObservation = ErrorObservation

/**
 * Whether a driver is alive in a directory now, without becoming its client: Aeron's `CommonContext.isDriverActive`.
 *
 * @param driverTimeoutMs age of its heartbeat that still counts as alive
 * @throws AeronError `CNC_VERSION_UNSUPPORTED`, `CNC_MALFORMED`
 */
export function isDriverActive(
  aeronDirectory: string = defaultAeronDirectory(),
  driverTimeoutMs: number = DRIVER_TIMEOUT_MS,
): boolean {
  const opened = CncFile.tryOpen(aeronDirectory, Date.now(), driverTimeoutMs, true)
  if (!(opened instanceof CncFile)) return false
  opened.close()
  return true
}

/**
 * Asks the driver to end: Aeron's `CommonContext.requestDriverTermination`. The driver decides by its termination validator, which refuses
 * silently unless configured; there is no answer.
 *
 * @param token what the validator looks at
 * @returns whether there was room for the request
 * @throws AeronError `DRIVER_TIMEOUT` when there is no live driver
 */
export function requestDriverTermination(
  aeronDirectory: string = defaultAeronDirectory(),
  token: Uint8Array = new Uint8Array(0),
): boolean {
  using cncFile = openCnc(aeronDirectory, Date.now())
  const buffer = AtomicBuffer.allocate(TERMINATE_OVERHEAD_LENGTH + token.length)
  const message = new TerminateDriverFlyweight().wrap(buffer, 0)
  message.clientId = cncFile.toDriver.nextCorrelationId()
  message.correlationId = NULL_VALUE
  message.putToken(token)
  return cncFile.toDriver.write(Command.TERMINATE_DRIVER, buffer, 0, message.length)
}

/**
 * The errors that a driver has logged, also of one that is gone, while its `cnc.dat` is there: Aeron's `ErrorStat`.
 *
 * @param sinceTimestampMs leaves out errors that were last seen before this
 * @throws AeronError `DRIVER_TIMEOUT` when there is no `cnc.dat` to read
 */
export function readDriverErrors(
  aeronDirectory: string = defaultAeronDirectory(),
  sinceTimestampMs = 0n,
): DriverErrorObservation[] {
  // Whatever the age of the heartbeat: a dead driver's errors are those that matter.
  using cncFile = openCnc(aeronDirectory, 0, true)
  return errorObservations(cncFile.errorLog, sinceTimestampMs)
}

/** @internal The `cnc.dat` of a live driver, or with `nowMs` 0 of any. @throws AeronError `DRIVER_TIMEOUT` */
export function openCnc(aeronDirectory: string, nowMs: number, readonly = false): CncFile {
  const opened = CncFile.tryOpen(aeronDirectory, nowMs, DRIVER_TIMEOUT_MS, readonly)
  if (opened instanceof CncFile) return opened
  throw new AeronError(
    'DRIVER_TIMEOUT',
    `Cannot use the driver in "${aeronDirectory}": there must be one, but there is ${opened.reason}`,
    { aeronDirectory, driverTimeoutMs: DRIVER_TIMEOUT_MS, reason: opened.reason },
  )
}
