import { ChannelUri, type Subscription } from '@x/client'

/** What to merge. Source: the parameters of `io.aeron.archive.client.ReplayMerge`. */
export interface ReplayMergeOptions {
  /** Takes replay and live stream; its channel must be UDP with `control-mode=manual`. It stays open when the merge closes. */
  readonly subscription: Subscription
  /** What the archive replays to, without an endpoint: `aeron:udp`, or with `session-id` and the like. */
  readonly replayChannel: string
  /** Where this subscription takes the replay: `aeron:udp?endpoint=localhost:0`, a port of 0 is given by the driver. */
  readonly replayDestination: string
  /** Where the live stream is. */
  readonly liveDestination: string
  /** The recording of the live stream. */
  readonly recordingId: bigint
  /** Position in bytes to begin at, that of a frame. */
  readonly startPosition: number
  /** Longest time without progress, in milliseconds. @default 5_000 */
  readonly mergeProgressTimeoutMs?: number
}

/** {@link ReplayMergeOptions} checked, with the replay channel completed. */
export interface ResolvedReplayMergeOptions extends Required<ReplayMergeOptions> {
  /** Undefined while the driver has yet to give the port. */
  readonly replayEndpoint: string | undefined
}

const DEFAULT_PROGRESS_TIMEOUT_MS = 5_000

/**
 * Checks the options.
 *
 * @throws TypeError for IPC, for a subscription without `control-mode=manual`, for a replay destination without endpoint
 * @throws RangeError for a position or a time out of range
 * @throws SyntaxError for a channel that breaks the grammar
 */
export function resolveReplayMergeOptions(options: ReplayMergeOptions): ResolvedReplayMergeOptions {
  const { subscription, replayDestination, liveDestination, startPosition } = options
  const { mergeProgressTimeoutMs = DEFAULT_PROGRESS_TIMEOUT_MS } = options
  const replayUri = ChannelUri.parse(options.replayChannel)
  const destinationUri = ChannelUri.parse(replayDestination)
  const subscriptionUri = ChannelUri.parse(subscription.channel)
  const all = [replayUri, destinationUri, subscriptionUri, ChannelUri.parse(liveDestination)]
  if (all.some(({ media }) => media === 'ipc')) {
    throw new TypeError(
      `Cannot merge a replay: all channels must be UDP, one of "${all.map(String).join('", "')}" is IPC`,
    )
  }
  if (subscriptionUri.get('control-mode') !== 'manual') {
    throw new TypeError(
      `Cannot merge a replay: the subscription must have control-mode=manual, current channel is "${subscription.channel}"`,
    )
  }
  const endpoint = destinationUri.get('endpoint')
  if (endpoint === undefined) {
    throw new TypeError(
      `Cannot merge a replay: replayDestination must have an endpoint, current value is "${replayDestination}"`,
    )
  }
  if (!Number.isSafeInteger(startPosition) || startPosition < 0 || !(mergeProgressTimeoutMs > 0)) {
    throw new RangeError(
      `Cannot merge a replay: startPosition must be a position and mergeProgressTimeoutMs above 0, current values are ${startPosition} and ${mergeProgressTimeoutMs}`,
    )
  }
  // The stream must outlive neither its last frame nor the merge: the live stream goes on in the same image.
  replayUri.put('linger', '0').put('eos', 'false')
  return {
    ...options,
    mergeProgressTimeoutMs,
    replayChannel: replayUri.toString(),
    replayEndpoint: endpoint.endsWith(':0') ? undefined : endpoint,
  }
}
