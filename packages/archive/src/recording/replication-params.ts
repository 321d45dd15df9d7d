/** How a recording is copied from another archive. Source: `io.aeron.archive.client.ReplicationParams`. */
export interface ReplicationParams {
  /** Stream that the other archive takes requests on. @default 10 */
  readonly sourceControlStreamId?: number
  /** Recording of this archive to go on with; it must be one that an earlier replication made. @default a new one */
  readonly destinationRecordingId?: bigint
  /** Position in bytes to end at, that of a frame. @default the end of the other recording, or never while it is active */
  readonly stopPosition?: number
  /** Channel on which the recorded stream is live: the replication goes over to it and follows. @default none */
  readonly liveDestination?: string
  /** Channel that the other archive replays to. @default that of this archive's configuration */
  readonly replicationChannel?: string
  /** Tag of the channel of the archive's subscription, so that the application can share it. @default none */
  readonly channelTagId?: bigint
  /** Tag of the archive's subscription itself. @default none */
  readonly subscriptionTagId?: bigint
  /** Most bytes that the other archive reads from a file at once. @default its own limit */
  readonly fileIoMaxLength?: number
  /** Session id of the stream between the archives; not with a live destination. @default that of the other recording */
  readonly replicationSessionId?: number
  /** Who this archive says it is to the other. @default what this archive's configuration says */
  readonly encodedCredentials?: Uint8Array
  /** Channel that the other archive answers on, with `control-mode=response`. @default none */
  readonly sourceResponseChannel?: string
}
