import { CountersReader } from '@x/atomic/status'
import { defaultAeronDirectory } from '../aeron-environment.ts'
import { CncFile } from '../cnc/cnc-file.ts'
import { openCnc } from './driver-directory.ts'
import {
  DESTINATION_BY_ID_SINCE,
  isAtLeast,
  IPC_RESPONSE_CHANNEL_SINCE,
  NEXT_SESSION_ID_SINCE,
  readControlProtocolVersion,
  readDriverVersion,
  REJECT_IMAGE_SINCE,
  REJECT_IPC_IMAGE_SINCE,
  REVOKE_SINCE,
  STATIC_COUNTER_SINCE,
} from './driver-version.ts'

/** What a driver may be too old for. */
export interface DriverFeatures {
  readonly staticCounters: boolean
  readonly destinationsById: boolean
  readonly rejectImages: boolean
  readonly rejectIpcImages: boolean
  readonly revoke: boolean
  readonly responseChannelsOverIpc: boolean
  /** Without it, `nextSessionId` gives a random one. */
  readonly nextSessionId: boolean
}

/** What a driver says of itself; versions as `major.minor.patch`, `undefined` from one that does not tell. */
export interface DriverDescription {
  readonly aeronDirectory: string
  /** Of its `cnc.dat`. */
  readonly cncVersion: string
  readonly driverVersion: string | undefined
  readonly controlProtocolVersion: string | undefined
  readonly pid: number
  readonly startTimestampMs: number
  /** Age of its last sign of life, in milliseconds. */
  readonly heartbeatAgeMs: number
  readonly clientLivenessTimeoutMs: number
  readonly features: DriverFeatures
}

/**
 * What a live driver is and can do, without becoming its client.
 *
 * @throws AeronError `DRIVER_TIMEOUT` when there is no live driver, `CNC_VERSION_UNSUPPORTED`, `CNC_MALFORMED`
 */
export function describeDriver(aeronDirectory: string = defaultAeronDirectory()): DriverDescription {
  const nowMs = Date.now()
  using cncFile: CncFile = openCnc(aeronDirectory, nowMs, true)
  const countersReader = new CountersReader(cncFile.countersMetadata, cncFile.countersValues)
  const driverVersion = readDriverVersion(countersReader)
  const controlProtocolVersion = readControlProtocolVersion(countersReader)
  const since = (version: string): boolean => isAtLeast(driverVersion, version)
  return {
    aeronDirectory,
    cncVersion: cncFile.version,
    driverVersion,
    controlProtocolVersion,
    pid: cncFile.driverPid,
    startTimestampMs: cncFile.driverStartMs,
    heartbeatAgeMs: nowMs - cncFile.driverHeartbeatMs,
    clientLivenessTimeoutMs: cncFile.clientLivenessTimeoutMs,
    features: {
      staticCounters: since(STATIC_COUNTER_SINCE),
      destinationsById: since(DESTINATION_BY_ID_SINCE),
      rejectImages: since(REJECT_IMAGE_SINCE),
      rejectIpcImages: since(REJECT_IPC_IMAGE_SINCE),
      revoke: since(REVOKE_SINCE),
      responseChannelsOverIpc: since(IPC_RESPONSE_CHANNEL_SINCE),
      nextSessionId: isAtLeast(controlProtocolVersion, NEXT_SESSION_ID_SINCE),
    },
  }
}
