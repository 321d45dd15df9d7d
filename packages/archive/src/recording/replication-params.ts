/** Parameters of a replication, which copies a recording from another archive. Source: `io.aeron.archive.client.ReplicationParams`. */
export interface ReplicationParams {
  /** Stream id on which the other archive receives requests. @default 10 */
  readonly sourceControlStreamId?: number
  /** Recording of this archive to continue; it must have been created by an earlier replication. @default a new recording */
  readonly destinationRecordingId?: bigint
  /** Position in bytes at which to end: the end of a frame. @default the end of the other recording, or none while that is active */
  readonly stopPosition?: number
  /** Channel of the live stream: once caught up, the replication joins it and continues with it. @default none */
  readonly liveDestination?: string
  /** Channel to which the other archive replays. @default as configured in this archive */
  readonly replicationChannel?: string
  /** Tag for the channel of this archive's subscription, with which the application can share the channel. @default none */
  readonly channelTagId?: bigint
  /** Tag for this archive's subscription. @default none */
  readonly subscriptionTagId?: bigint
  /** Maximum number of bytes that the other archive reads from a file at once. @default as configured there */
  readonly fileIoMaxLength?: number
  /** Session id of the stream between the archives; cannot be combined with a live destination. @default that of the other recording */
  readonly replicationSessionId?: number
  /** Credentials with which this archive connects to the other. @default as configured in this archive */
  readonly encodedCredentials?: Uint8Array
  /** Channel with `control-mode=response` on which the other archive responds. @default none */
  readonly sourceResponseChannel?: string
}
