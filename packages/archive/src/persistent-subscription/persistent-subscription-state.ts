/** How far a persistent subscription has come, with the numbers that its state counter shows. Protocol: Aeron's PersistentSubscription. */
export const PersistentSubscriptionState = {
  /** Connecting to the archive. */
  AWAIT_ARCHIVE_CONNECTION: 0,
  /** Asking for the recording. */
  SEND_LIST_RECORDING_REQUEST: 1,
  /** Waiting for what the archive knows of the recording. */
  AWAIT_LIST_RECORDING_RESPONSE: 2,
  /** Asking for a replay. */
  SEND_REPLAY_REQUEST: 3,
  /** Waiting for the archive to begin the replay. */
  AWAIT_REPLAY_RESPONSE: 4,
  /** Adding the subscription that takes the replay. */
  ADD_REPLAY_SUBSCRIPTION: 5,
  /** Waiting for the driver to add it. */
  AWAIT_REPLAY_SUBSCRIPTION: 6,
  /** Waiting for the port that the driver assigns. */
  AWAIT_REPLAY_CHANNEL_ENDPOINT: 7,
  /** Adding the publication that asks for a replay in response mode. */
  ADD_REQUEST_PUBLICATION: 8,
  /** Waiting for the driver to add it. */
  AWAIT_REQUEST_PUBLICATION: 9,
  /** Asking for a token of a replay in response mode. */
  SEND_REPLAY_TOKEN_REQUEST: 10,
  /** Waiting for the token. */
  AWAIT_REPLAY_TOKEN: 11,
  /** Messages come from the recording. */
  REPLAY: 12,
  /** Replay and live stream are there: they come to the same position. */
  ATTEMPT_SWITCH: 13,
  /** Adding the subscription to the live stream. */
  ADD_LIVE_SUBSCRIPTION: 14,
  /** Waiting for the live stream, without a replay. */
  AWAIT_LIVE: 15,
  /** Messages come from the live stream. */
  LIVE: 16,
  /** It cannot go on. */
  FAILED: 17,
} as const

/** Name of a state of a persistent subscription. */
export type PersistentSubscriptionStateName = keyof typeof PersistentSubscriptionState
