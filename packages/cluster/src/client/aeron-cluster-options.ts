import type { CredentialsSupplier } from '@x/archive'
import { ChannelUri, type Aeron, type AeronOptions } from '@x/client'
import type { ControlledEgressListener, EgressExtensionListener, EgressListener } from './egress-listener.ts'
import { parseIngressEndpoints } from './ingress-endpoints.ts'

/** Longest client name. Protocol: the limit of Aeron's client names. */
const MAX_CLIENT_NAME_LENGTH = 100

/** Options for connecting to a cluster; corresponds to `io.aeron.cluster.client.AeronCluster.Context`. */
export interface AeronClusterOptions {
  /** The Aeron client to use, which stays open when the cluster client closes. @default the cluster client creates one */
  readonly aeron?: Aeron
  /** Directory of the media driver, if `aeron` is not given. @default AERON_DIR, or the default directory of the platform */
  readonly aeronDirectory?: string
  /** How long the driver may be silent, in milliseconds, if `aeron` is not given. @default 10_000 */
  readonly driverTimeoutMs?: number
  /** Called with errors of the Aeron client, including the one that closes it, if `aeron` is not given. @default thrown by the next call, as in AeronOptions */
  readonly errorHandler?: (error: Error) => void
  /**
   * Ingress channel. With `ingressEndpoints` it is a UDP template such as `aeron:udp?term-length=64k`. Without them it is a complete channel, or `aeron:ipc` on the
   * leader's machine if the cluster permits it.
   */
  readonly ingressChannel: string
  /** Ingress endpoints of the members, as `0=host:port,1=host:port`; not with IPC. @default none: the ingress channel is complete */
  readonly ingressEndpoints?: string
  /** Ingress stream id. @default 101 */
  readonly ingressStreamId?: number
  /** Whether the ingress publication is exclusive. @default true */
  readonly isIngressExclusive?: boolean
  /** Egress channel. With port 0 the driver chooses one; for UDP, `rejoin=false` is set. */
  readonly egressChannel: string
  /** Egress stream id. @default 102 */
  readonly egressStreamId?: number
  /** How long connecting may take, and connecting to a new leader once it is known, in milliseconds. @default 5_000 */
  readonly messageTimeoutMs?: number
  /**
   * How long to wait for a new leader before the client closes itself, in milliseconds.
   * @default twice the leader heartbeat timeout that the cluster announces, or 20_000 if it announces none
   */
  readonly newLeaderTimeoutMs?: number
  /**
   * Interval in milliseconds at which polling egress also sends keep-alives. Choose it well below the cluster's session timeout (10 s by default). With 0, the
   * application has to call `sendKeepAlive`.
   * @default 0
   */
  readonly keepAliveIntervalMs?: number
  /** Name of the client, shown in the cluster's session counter; at most 100 characters. @default '' */
  readonly clientName?: string
  /** Supplies the credentials of the client. @default empty credentials */
  readonly credentialsSupplier?: CredentialsSupplier
  /** Called by `pollEgress`. */
  readonly egressListener?: EgressListener
  /** Called by `controlledPollEgress`. */
  readonly controlledEgressListener?: ControlledEgressListener
  /** Called with egress messages of other schemas. @default such a message is an error */
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

/** Validated {@link AeronClusterOptions}, with defaults filled in. */
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
