import { type CountersReader, RECORD_ALLOCATED } from '@x/atomic/status'
import { AeronError } from '../aeron-error.ts'

/** Counter that holds the driver's version, and its registration id. Protocol: Aeron's `SystemCounterDescriptor`. */
const AERON_VERSION_COUNTER_ID = 34
/** Counter that holds the version of the control protocol; drivers before 1.49 have none. Protocol: Aeron's `SystemCounterDescriptor`. */
const CONTROL_PROTOCOL_VERSION_COUNTER_ID = 43
const SYSTEM_COUNTER_TYPE_ID = 0

/** First driver that reads the flags of a remove command. */
export const REVOKE_SINCE = '1.48.0'
/** First driver that has counters which outlive their client. */
export const STATIC_COUNTER_SINCE = '1.45.0'
/** First driver that removes a destination by its id. */
export const DESTINATION_BY_ID_SINCE = '1.46.1'
/** First driver that rejects images. In those before, the number of that command removes a destination by its id. */
export const REJECT_IMAGE_SINCE = '1.47.0'
/** First driver that rejects images of IPC publications. */
export const REJECT_IPC_IMAGE_SINCE = '1.48.0'
/** First driver with response channels over IPC. */
export const IPC_RESPONSE_CHANNEL_SINCE = '1.49.0'
/** First control protocol with a command that asks for a session id. */
export const NEXT_SESSION_ID_SINCE = '1.0.0'

/** The driver's version as `major.minor.patch`; `undefined` from a driver that does not tell it. */
export function readDriverVersion(countersReader: CountersReader): string | undefined {
  return readVersion(countersReader, AERON_VERSION_COUNTER_ID)
}

/** Version of the driver's control protocol as `major.minor.patch`; `undefined` from a driver that does not tell it. */
export function readControlProtocolVersion(countersReader: CountersReader): string | undefined {
  return readVersion(countersReader, CONTROL_PROTOCOL_VERSION_COUNTER_ID)
}

/** Whether a version, as the functions above give it, is `since` or newer. */
export function isAtLeast(version: string | undefined, since: string): boolean {
  return version !== undefined && rank(version) >= rank(since)
}

function readVersion(countersReader: CountersReader, id: number): string | undefined {
  if (
    id > countersReader.maxCounterId ||
    countersReader.getCounterState(id) !== RECORD_ALLOCATED ||
    countersReader.getCounterTypeId(id) !== SYSTEM_COUNTER_TYPE_ID ||
    countersReader.getCounterRegistrationId(id) !== BigInt(id)
  ) {
    return undefined
  }
  const packed = Number(countersReader.getCounterValue(id))
  return `${(packed >> 16) & 0xff}.${(packed >> 8) & 0xff}.${packed & 0xff}`
}

/**
 * Refuses what the driver is too old for: it would not answer, or do something else.
 *
 * @param action what is to be done, to go after "Cannot"
 * @param since first version that can do it
 * @throws AeronError `DRIVER_TOO_OLD`
 */
export function requireDriverVersion(countersReader: CountersReader, action: string, since: string): void {
  const version = readDriverVersion(countersReader)
  if (isAtLeast(version, since)) return
  throw new AeronError(
    'DRIVER_TOO_OLD',
    `Cannot ${action}: the driver must be Aeron ${since} or newer, it is ${version ?? 'of an unknown version'}`,
    { driverVersion: version, requiredVersion: since },
  )
}

function rank(version: string): number {
  return version.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}
