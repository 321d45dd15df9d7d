import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AtomicBuffer, versionToString } from '@x/atomic'
import { type ErrorObservation, errorObservations } from '@x/atomic/status'
import {
  type ClusterComponentType,
  MarkFileHeaderDecoder,
  MessageHeaderDecoder,
} from '@x/codecs/cluster-mark'
import { linkFileName, markFileName } from '../service/cluster-mark-file.ts'
import { MARK_HEADER_LENGTH } from '../service/cluster-mark-layout.ts'

/** Mark file of a consensus module, and of a cluster backup. Protocol: Aeron's `ClusterMarkFile`. */
const FILE_NAME = 'cluster-mark.dat'
/** Says where the mark file is, when it is elsewhere. */
const LINK_FILE_NAME = 'cluster-mark.lnk'
/** Of services, by their ids. */
const SERVICE_FILE_NAME = /^cluster-mark-service-(\d+)\.(?:dat|lnk)$/
/** Schema of files without a message header, which components before 1.47 write. */
const VERSION_WITHOUT_HEADER = 0

/** What a component of a cluster's node says of itself in its mark file; times in milliseconds since the epoch. */
export interface MarkFileDescription {
  readonly path: string
  /** Version of the format, as `major.minor.patch`. */
  readonly version: string
  /** What the file belongs to; `undefined` for what this release does not know. */
  readonly componentType: ClusterComponentType | undefined
  readonly pid: number
  readonly startTimestamp: bigint
  /** When the component was last alive; -1 after it was closed. */
  readonly activityTimestamp: bigint
  readonly clusterId: number
  /** -1 while a service does not know it. */
  readonly memberId: number
  /** -1 for a consensus module. */
  readonly serviceId: number
  /** Term for which a consensus module last stood as candidate. */
  readonly candidateTermId: bigint
  /** Directory of its media driver. */
  readonly aeronDirectory: string
  /** Channel between consensus module and services. */
  readonly controlChannel: string
  /** Stream from the consensus module to the services. */
  readonly serviceStreamId: number
  /** Stream from the services to the consensus module. */
  readonly consensusModuleStreamId: number
  readonly archiveStreamId: number
  readonly ingressChannel: string
  readonly ingressStreamId: number
  readonly serviceName: string
  readonly authenticator: string
  /** Cluster directory of the services; empty if it is that of the consensus module. */
  readonly servicesClusterDirectory: string
  /** Its error log. */
  readonly errors: readonly ErrorObservation[]
}

/**
 * Reads the mark file of a consensus module, which may be running or not: what Aeron's `ClusterTool` prints as description, process id and errors.
 *
 * @throws Error with the `code` of Node.js, such as `ENOENT`, when the file cannot be read
 */
export function readClusterMarkFile(clusterDirectory: string): MarkFileDescription {
  return describe(join(linkedDirectory(clusterDirectory, LINK_FILE_NAME), FILE_NAME))
}

/**
 * Reads the mark files of the service containers of a member, in Java or TypeScript, by their service ids.
 *
 * @param clusterDirectory that of the services, if they have their own
 * @throws Error with the `code` of Node.js, such as `ENOENT`, when the directory or a file cannot be read
 */
export function readServiceMarkFiles(clusterDirectory: string): MarkFileDescription[] {
  const serviceIds = readdirSync(clusterDirectory)
    .map((name) => SERVICE_FILE_NAME.exec(name)?.[1])
    .filter((serviceId) => serviceId !== undefined)
  return [...new Set(serviceIds.map(Number))]
    .sort((a, b) => a - b)
    .map((serviceId) =>
      describe(join(linkedDirectory(clusterDirectory, linkFileName(serviceId)), markFileName(serviceId))),
    )
}

function linkedDirectory(clusterDirectory: string, linkName: string): string {
  const link = join(clusterDirectory, linkName)
  return existsSync(link) ? readFileSync(link, 'latin1').trim() : clusterDirectory
}

function describe(path: string): MarkFileDescription {
  const buffer = AtomicBuffer.wrap(readFileSync(path))
  const header = headerOf(buffer)
  const { startTimestamp, activityTimestamp, candidateTermId, clusterId, memberId, serviceId } = header
  const { serviceStreamId, consensusModuleStreamId, archiveStreamId, ingressStreamId } = header
  const { aeronDirectory, controlChannel, ingressChannel, serviceName, authenticator } = header
  return {
    path,
    version: versionToString(header.version),
    componentType: header.componentType,
    pid: Number(header.pid),
    startTimestamp,
    activityTimestamp,
    clusterId,
    memberId,
    serviceId,
    candidateTermId,
    aeronDirectory,
    controlChannel,
    serviceStreamId,
    consensusModuleStreamId,
    archiveStreamId,
    ingressChannel,
    ingressStreamId,
    serviceName,
    authenticator,
    servicesClusterDirectory: header.servicesClusterDir,
    errors: errorsOf(buffer, header),
  }
}

function headerOf(buffer: AtomicBuffer): MarkFileHeaderDecoder {
  const { BLOCK_LENGTH, SCHEMA_ID, TEMPLATE_ID } = MarkFileHeaderDecoder
  const message = new MessageHeaderDecoder().wrap(buffer, 0)
  const header = new MarkFileHeaderDecoder()
  if (message.templateId === TEMPLATE_ID && message.schemaId === SCHEMA_ID) {
    return header.wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH, message.blockLength, message.version)
  }
  return header.wrap(buffer, 0, BLOCK_LENGTH, VERSION_WITHOUT_HEADER)
}

function errorsOf(buffer: AtomicBuffer, { errorBufferLength }: MarkFileHeaderDecoder): ErrorObservation[] {
  const length = Math.min(errorBufferLength, buffer.capacity - MARK_HEADER_LENGTH)
  return length > 0 ? errorObservations(buffer.slice(MARK_HEADER_LENGTH, length)) : []
}
