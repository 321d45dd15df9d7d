import type { CountersReader } from '@x/atomic/status'

/** State of a channel, from its status counter. Protocol: Aeron's `ChannelEndpointStatus`. */
export const ChannelEndpointStatus = {
  /** The channel failed, or what had it is closed. */
  ERRORED: -1,
  INITIALIZING: 0,
  ACTIVE: 1,
  CLOSING: 2,
} as const

/** State of a channel. */
export type ChannelEndpointStatus = (typeof ChannelEndpointStatus)[keyof typeof ChannelEndpointStatus]

/** Id of the status counter of a channel that has none: IPC. */
export const NO_CHANNEL_STATUS_ID = -1

/** Reads the status of a channel; IPC, which has no counter, is always active. */
export function readChannelStatus(
  countersReader: CountersReader,
  channelStatusId: number,
): ChannelEndpointStatus {
  if (channelStatusId === NO_CHANNEL_STATUS_ID) return ChannelEndpointStatus.ACTIVE
  return Number(countersReader.getCounterValue(channelStatusId)) as ChannelEndpointStatus
}
