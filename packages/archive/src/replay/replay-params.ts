/** Length of a replay up to the end of the recording, which follows the recording while it is active. Protocol: Aeron's null length. */
export const REPLAY_ALL_AND_FOLLOW = -1
/** Length of a replay of what has been recorded when it starts. Protocol: archives of version 1.49 or newer. */
export const REPLAY_ALL_AND_STOP = -2

/** Parameters of a replay. Source: `io.aeron.archive.client.ReplayParams`. */
export interface ReplayParams {
  /** Position in bytes at which to begin: the start of a frame. @default the start of the recording */
  readonly position?: number
  /** Length of the replay in bytes, or {@link REPLAY_ALL_AND_FOLLOW} or {@link REPLAY_ALL_AND_STOP}. @default REPLAY_ALL_AND_FOLLOW */
  readonly length?: number
  /** Id of a counter that limits the replay: it does not go beyond the counter's value, a position in bytes. @default none */
  readonly boundingLimitCounterId?: number
  /** Maximum number of bytes that the archive reads from a file at once. @default as configured in the archive */
  readonly fileIoMaxLength?: number
  /** Token from the archive for this replay; only for requests that are not sent over the control session. @default none */
  readonly replayToken?: bigint
  /**
   * Registration id of the subscription that receives the replay. Required by `startReplay` for a channel with `control-mode=response`, where the archive finds the
   * subscription by this id.
   */
  readonly subscriptionRegistrationId?: bigint
}
