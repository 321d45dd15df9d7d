import type { CredentialsSupplier } from '@x/archive'
import { ChannelUri, type Aeron, type AeronOptions } from '@x/client'
import type { ControlledEgressListener, EgressExtensionListener, EgressListener } from './egress-listener.ts'
import { parseIngressEndpoints } from './ingress-endpoints.ts'

/** Longest client name. Protocol: the limit of Aeron's client names. */
const MAX_CLIENT_NAME_LENGTH = 100

/** How to connect to a cluster. Source: `io.aeron.cluster.client.AeronCluster.Context`. */
export interface AeronClusterOptions {
  /** The Aeron client to use; it stays open when the cluster client closes. @default a client of its own */
  readonly aeron?: Aeron
  /** Directory of the media driver, for a client of its own. @default that of the client: AERON_DIR or the platform's */
  readonly aeronDirectory?: string
  /** Longest silence of the driver that is not an error, in milliseconds, for a client of its own. @default that of the client: 10_000 */
  readonly driverTimeoutMs?: number
  /** Takes errors of an Aeron client of its own, the one that ends it included. @default they come with the next call, as in AeronOptions */
  readonly errorHandler?: (error: Error) => void
  /**
   * Channel into the cluster: with `ingressEndpoints` a UDP template such as `aeron:udp?term-length=64k`, without them a complete
   * channel, or `aeron:ipc` on the leader's own machine where the cluster allows it.
   */
  readonly ingressChannel: string
  /** Ingress endpoints of the members, as `0=host:port,1=host:port`; not with IPC. @default none: the channel is complete */
  readonly ingressEndpoints?: string
  /** Stream into the cluster. @default 101 */
  readonly ingressStreamId?: number
  /** Whether the publication into the cluster is an exclusive one. @default true */
  readonly isIngressExclusive?: boolean
  /** Channel out of the cluster. Port 0 lets the driver choose; on UDP `rejoin=false` is set. */
  readonly egressChannel: string
  /** Stream out of the cluster. @default 102 */
  readonly egressStreamId?: number
  /** Longest time to connect, and to reach a new leader that is known, in milliseconds. @default 5_000 */
  readonly messageTimeoutMs?: number
  /**
   * Longest time without a leader before the client closes itself, in milliseconds.
   * @default 2 x the leader heartbeat timeout that the cluster tells, or 20_000 when it tells none
   */
  readonly newLeaderTimeoutMs?: number
  /**
   * With a value above 0, polling egress also sends a session keep-alive whenever this much time has passed since the last one, in
   * milliseconds; choose well under the cluster's session timeout (10 s by default). With 0 the application calls `sendKeepAlive`.
   * @default 0
   */
  readonly keepAliveIntervalMs?: number
  /** Name of the client, shown in the cluster's session counter; at most 100 characters. @default '' */
  readonly clientName?: string
  /** Who the client says it is. @default empty credentials */
  readonly credentialsSupplier?: CredentialsSupplier
  /** Told what `pollEgress` finds. */
  readonly egressListener?: EgressListener
  /** Told what `controlledPollEgress` finds. */
  readonly controlledEgressListener?: ControlledEgressListener
  /** Told messages of other schemas on the egress. @default such a message is an error */
  readonly egressExtensionListener?: EgressExtensionListener
}

type Optional =
  | 'aeron'
  | 'aeronDirectory'
  | 'driverTimeoutMs'
  | 'errorHandler'
  | 'ingressEndpoints'
  | 'newLeaderTimeoutMs'
  | 'egressListener'
  | 'controlledEgressListener'
  | 'egressExtensionListener'

/** {@link AeronClusterOptions} checked, with the defaults filled in. */
export type ResolvedAeronClusterOptions = Readonly<
  Required<Omit<AeronClusterOptions, Optional>> & { [K in Optional]: AeronClusterOptions[K] | undefined }
>

/** Answers without credentials, and any challenge with nothing. */
const NO_CREDENTIALS: CredentialsSupplier = {
  encodedCredentials: () => new Uint8Array(0),
  onChallenge: () => new Uint8Array(0),
}

const DEFAULTS = {
  aeron: undefined,
  aeronDirectory: undefined,
  driverTimeoutMs: undefined,
  errorHandler: undefined,
  ingressEndpoints: undefined,
  ingressStreamId: 101,
  isIngressExclusive: true,
  egressStreamId: 102,
  messageTimeoutMs: 5_000,
  newLeaderTimeoutMs: undefined,
  keepAliveIntervalMs: 0,
  clientName: '',
  credentialsSupplier: NO_CREDENTIALS,
  egressListener: undefined,
  controlledEgressListener: undefined,
  egressExtensionListener: undefined,
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws TypeError for channels that are missing or do not fit each other
 * @throws RangeError for numbers and lengths out of range
 * @throws SyntaxError for endpoints that cannot be parsed
 */
export function resolveAeronClusterOptions(options: AeronClusterOptions): ResolvedAeronClusterOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
  const resolved: ResolvedAeronClusterOptions = {
    ...DEFAULTS,
    ...given,
    ingressChannel: channelOption('ingressChannel', options.ingressChannel),
    egressChannel: withoutRejoin(channelOption('egressChannel', options.egressChannel)),
  }
  if (resolved.ingressEndpoints !== undefined) {
    if (ChannelUri.parse(resolved.ingressChannel).media === 'ipc') {
      throw new TypeError(
        'Cannot connect to the cluster: ingressEndpoints must not be given with IPC ingress, ' +
          `current values are "${resolved.ingressEndpoints}" and "${resolved.ingressChannel}"`,
      )
    }
    parseIngressEndpoints(resolved.ingressEndpoints)
  }
  checkPositive('messageTimeoutMs', resolved.messageTimeoutMs)
  if (resolved.newLeaderTimeoutMs !== undefined)
    checkPositive('newLeaderTimeoutMs', resolved.newLeaderTimeoutMs)
  if (resolved.keepAliveIntervalMs !== 0) checkPositive('keepAliveIntervalMs', resolved.keepAliveIntervalMs)
  if (resolved.clientName.length > MAX_CLIENT_NAME_LENGTH) {
    throw new RangeError(
      `Cannot connect to the cluster: clientName must have at most ${MAX_CLIENT_NAME_LENGTH} characters, ` +
        `current value has ${resolved.clientName.length}`,
    )
  }
  return resolved
}

function channelOption(option: 'ingressChannel' | 'egressChannel', channel: string | undefined): string {
  if (channel === undefined || channel === '') {
    throw new TypeError(`Cannot connect to the cluster: ${option} must be given`)
  }
  return channel
}

// An image that was lost must not come back half-way: the session would miss messages without knowing it.
function withoutRejoin(egressChannel: string): string {
  const uri = ChannelUri.parse(egressChannel)
  if (uri.media !== 'udp') return egressChannel
  uri.put('rejoin', 'false')
  return uri.toString()
}

function checkPositive(option: string, value: number): void {
  if (value > 0) return
  throw new RangeError(`Cannot connect to the cluster: ${option} must be above 0, current value is ${value}`)
}

/** The options of an Aeron client of its own. */
export function aeronOptionsOf(options: ResolvedAeronClusterOptions): AeronOptions {
  const { aeronDirectory, clientName, driverTimeoutMs, errorHandler } = options
  return {
    clientName,
    ...(aeronDirectory !== undefined && { aeronDirectory }),
    ...(driverTimeoutMs !== undefined && { driverTimeoutMs }),
    ...(errorHandler && { errorHandler }),
  }
}
