import { ChannelUri, type Aeron } from '@x/client'
import type { AeronArchiveOptions } from '../aeron-archive-options.ts'
import { hasResponseMode } from '../connect/response-mode.ts'

/** Start position of a persistent subscription: the start of the recording. Protocol: Aeron's PersistentSubscription. */
export const FROM_START = -1
/** Start position of a persistent subscription: wherever the live stream is when it joins. Protocol: Aeron's PersistentSubscription. */
export const FROM_LIVE = -2

/** Listener for the progress of a persistent subscription; corresponds to `io.aeron.archive.client.PersistentSubscriptionListener`. */
export interface PersistentSubscriptionListener {
  /** From now on messages come from the live stream. */
  onLiveJoined?(): void
  /** The live stream has ended or was lost; the next messages come from the recording. */
  onLiveLeft?(): void
  /**
   * An error occurred, also one of an Aeron client that the subscription has created. It is final if `hasFailed` is true; otherwise the subscription continues, and tries
   * again what has failed.
   */
  onError?(error: Error): void
}

/** Options of a persistent subscription; corresponds to `io.aeron.archive.client.PersistentSubscription.Context`. */
export interface PersistentSubscriptionOptions {
  /** The Aeron client to use, which stays open. @default the subscription creates one, whose conductor runs while it is polled */
  readonly aeron?: Aeron
  /** Directory of the media driver, if `aeron` is not given. @default AERON_DIR, or the default directory of the platform */
  readonly aeronDirectory?: string
  /** How to connect to the archive: channels, credentials, `messageTimeoutMs`. It reconnects for as long as necessary. */
  readonly archive: Omit<AeronArchiveOptions, 'aeron' | 'aeronDirectory'>
  /** The recording of the live stream. */
  readonly recordingId: bigint
  /** Channel of the live stream. */
  readonly liveChannel: string
  /** Stream id of the live stream, and of the recording. */
  readonly liveStreamId: number
  /** Channel for replays: IPC or UDP, where the port may be 0; or with `control-mode=response` and the media of the archive's control channel. */
  readonly replayChannel: string
  readonly replayStreamId: number
  /** Position in bytes of the first message, or {@link FROM_START}, or {@link FROM_LIVE}. @default FROM_LIVE */
  readonly startPosition?: number
  readonly listener?: PersistentSubscriptionListener
}

/** {@link PersistentSubscriptionOptions} checked, with the defaults filled in. */
export interface ResolvedPersistentSubscriptionOptions extends PersistentSubscriptionOptions {
  readonly startPosition: number
  readonly listener: PersistentSubscriptionListener
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws RangeError for a recording id or a position out of range
 * @throws TypeError when the replay channel does not go with the archive's control channel
 * @throws SyntaxError for a channel that breaks the grammar
 */
export function resolvePersistentSubscriptionOptions(
  options: PersistentSubscriptionOptions,
): ResolvedPersistentSubscriptionOptions {
  const { recordingId, startPosition = FROM_LIVE, listener = {}, archive, liveChannel } = options
  if (recordingId < 0n) {
    throw new RangeError(
      `Cannot subscribe persistently: recordingId must be at least 0, current value is ${recordingId}`,
    )
  }
  if (!Number.isSafeInteger(startPosition) || startPosition < FROM_LIVE) {
    throw new RangeError(
      `Cannot subscribe persistently: startPosition must be a position, FROM_START or FROM_LIVE, current value is ${startPosition}`,
    )
  }
  ChannelUri.parse(liveChannel)
  const replayUri = ChannelUri.parse(options.replayChannel)
  const controlMedia = ChannelUri.parse(archive.controlRequestChannel).media
  if (hasResponseMode(options.replayChannel) && replayUri.media !== controlMedia) {
    throw new TypeError(
      `Cannot subscribe persistently: a replayChannel with control-mode=response must have the media of the control channel, ${controlMedia}, ` +
        `current value is "${options.replayChannel}"`,
    )
  }
  // An image that was lost must not come back: the replay is begun anew, at the position that was reached.
  replayUri.put('rejoin', 'false')
  return { ...options, replayChannel: replayUri.toString(), startPosition, listener }
}
