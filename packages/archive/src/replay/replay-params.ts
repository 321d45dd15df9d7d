/** Length of a replay that goes to the end of the recording, and follows it while it is active. Protocol: Aeron's null length. */
export const REPLAY_ALL_AND_FOLLOW = -1
/** Length of a replay that goes to what is recorded at its start. Protocol: archives of 1.49 and newer. */
export const REPLAY_ALL_AND_STOP = -2

/** What to replay of a recording, and how. Source: `io.aeron.archive.client.ReplayParams`. */
export interface ReplayParams {
  /** Position to begin at, in bytes: that of a frame. @default the start of the recording */
  readonly position?: number
  /** How much to replay, in bytes, or {@link REPLAY_ALL_AND_FOLLOW} or {@link REPLAY_ALL_AND_STOP}. @default REPLAY_ALL_AND_FOLLOW */
  readonly length?: number
  /** Counter whose value is the highest position to replay, instead of how far the recording has come. */
  readonly boundingLimitCounterId?: number
  /** Most bytes that the archive reads from a file at once. @default the archive's own limit */
  readonly fileIoMaxLength?: number
  /** Token that the archive gave for this replay; only for requests that are sent another way than over the control session. @default none */
  readonly replayToken?: bigint
  /**
   * Registration id of the subscription that takes the replay, for `startReplay` to a channel with `control-mode=response`: the archive finds the
   * way to it by this id.
   */
  readonly subscriptionRegistrationId?: bigint
}
