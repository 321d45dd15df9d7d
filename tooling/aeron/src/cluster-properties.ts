import { hostOf } from './archive-properties.ts'
import { IDLE_STRATEGY } from './driver-properties.ts'
import type { Properties } from './java-command.ts'

/** Host and port of each thing that one cluster member listens on, in the order in which Aeron lists them. */
export interface MemberEndpoints {
  readonly ingress: string
  readonly consensus: string
  readonly log: string
  readonly catchup: string
  readonly archive: string
}

/** How many ports a member takes. */
export const PORTS_PER_MEMBER = 5

/** The endpoints of a member on its ports, on loopback unless it has a host of its own. */
export function memberEndpoints(ports: readonly number[], host: string = '127.0.0.1'): MemberEndpoints {
  const [ingress, consensus, log, catchup, archive] = ports.map((port) => `${host}:${port}`)
  if (
    ingress === undefined ||
    consensus === undefined ||
    log === undefined ||
    catchup === undefined ||
    archive === undefined
  ) {
    throw new RangeError(
      `Cannot lay out a cluster member: it needs ${PORTS_PER_MEMBER} ports, and ${ports.length} are given`,
    )
  }
  return { ingress, consensus, log, catchup, archive }
}

/** The value of `aeron.cluster.members`. */
export function clusterMembers(endpoints: readonly MemberEndpoints[]): string {
  return endpoints
    .map((member, id) =>
      [id, member.ingress, member.consensus, member.log, member.catchup, member.archive].join(','),
    )
    .join('|')
}

/** What a cluster client is given to find the leader. */
export function ingressEndpoints(endpoints: readonly MemberEndpoints[]): string {
  return endpoints.map((member, id) => `${id}=${member.ingress}`).join(',')
}

/** Settings of a consensus module that shares a small machine with many others. */
export function consensusModuleProperties(
  memberId: number,
  clusterDirectory: string,
  endpoints: readonly MemberEndpoints[],
  serviceCount: number,
): Properties {
  const archive = endpoints[memberId]?.archive ?? '127.0.0.1:0'
  return {
    'aeron.cluster.dir': clusterDirectory,
    'aeron.cluster.member.id': String(memberId),
    'aeron.cluster.members': clusterMembers(endpoints),
    'aeron.cluster.service.count': String(serviceCount),
    'aeron.cluster.ingress.channel': 'aeron:udp?term-length=128k',
    'aeron.cluster.log.channel': 'aeron:udp?term-length=1m',
    'aeron.cluster.replication.channel': `aeron:udp?endpoint=${hostOf(archive)}:0`,
    'aeron.cluster.idle.strategy': IDLE_STRATEGY,
  }
}

/** Settings that let a cluster elect a new leader about three seconds after the death of the old one. */
export const FAST_CLUSTER_TIMEOUTS: Properties = {
  'aeron.cluster.leader.heartbeat.timeout': '2s',
  'aeron.cluster.startup.canvass.timeout': '4s',
  'aeron.cluster.election.timeout': '500ms',
  'aeron.cluster.election.status.interval': '50ms',
  'aeron.cluster.session.timeout': '15s',
}
