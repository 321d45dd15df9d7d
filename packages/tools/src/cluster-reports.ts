import {
  ClusterComponentType,
  type MarkFileDescription,
  nameOf,
  queryClusterMembers,
  readClusterMarkFile,
  readRecordingLog,
  readServiceMarkFiles,
} from '@x/cluster'
import type { Report } from './output.ts'
import { errorLines, fieldsText, timeText } from './texts.ts'

/** What the components of a member are: Aeron's `ClusterTool describe`. */
export function clusterReport(clusterDirectory: string): Report {
  const components = componentsOf(clusterDirectory).map(({ errors, ...component }) => ({
    ...component,
    errorCount: errors.length,
  }))
  const lines = components.flatMap((component) => [
    `${titleOf(component)}: pid ${component.pid}, started ${timeText(component.startTimestamp)}, last alive ${timeText(component.activityTimestamp)}, ${component.errorCount} distinct errors`,
    `  ${fieldsText(component)}`,
  ])
  return { value: components, lines }
}

/** The terms and snapshots of a member: Aeron's `ClusterTool recording-log`. */
export function recordingLogReport(clusterDirectory: string): Report {
  const entries = readRecordingLog(clusterDirectory)
  return { value: entries, lines: entries.map((entry) => fieldsText({ ...entry })) }
}

/** The errors that the components of a member have logged: Aeron's `ClusterTool errors`. */
export function clusterErrorsReport(clusterDirectory: string): Report {
  const components = componentsOf(clusterDirectory)
  return {
    value: components.map(({ path, errors }) => ({ path, errors })),
    lines: components.flatMap((component) => errorLines(titleOf(component), component.errors)),
  }
}

/** Who is in the cluster of a member: Aeron's `ClusterTool list-members`. */
export async function membersReport(clusterDirectory: string): Promise<Report> {
  const membership = await queryClusterMembers(clusterDirectory)
  const { currentTimeNs, leaderMemberId, memberId, activeMembers } = membership
  return {
    value: membership,
    lines: [
      fieldsText({ memberId, leaderMemberId, currentTimeNs }),
      ...activeMembers.map((member) => fieldsText({ ...member })),
    ],
  }
}

/** Whether a member leads: Aeron's `ClusterTool is-leader`. The exit code is 0 if it does, and 1 if not. */
export async function leaderReport(clusterDirectory: string): Promise<Report> {
  const { leaderMemberId, memberId } = await queryClusterMembers(clusterDirectory)
  const isLeader = leaderMemberId === memberId
  return {
    value: { memberId, leaderMemberId, isLeader },
    lines: [isLeader ? `member ${memberId} leads` : `member ${memberId} follows member ${leaderMemberId}`],
    code: isLeader ? 0 : 1,
  }
}

function componentsOf(clusterDirectory: string): MarkFileDescription[] {
  const module = readClusterMarkFile(clusterDirectory)
  const { servicesClusterDirectory } = module
  return [module, ...readServiceMarkFiles(servicesClusterDirectory || clusterDirectory)]
}

function titleOf({
  componentType,
  serviceId,
}: Pick<MarkFileDescription, 'componentType' | 'serviceId'>): string {
  const name = componentType === undefined ? 'UNKNOWN' : nameOf(ClusterComponentType, componentType)
  return componentType === ClusterComponentType.CONTAINER ? `${name} of service ${serviceId}` : name
}
