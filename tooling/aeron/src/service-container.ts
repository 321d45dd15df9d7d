import { join } from 'node:path'
import { readCounters } from './cnc-file.ts'
import { hasServiceContainer } from './cluster-counters.ts'
import { IDLE_STRATEGY } from './driver-properties.ts'
import { markInactive } from './mark-file.ts'
import { RunDirectory } from './run-directory.ts'
import { ServerProcess } from './server-process.ts'
import type { ServerOptions } from './server-process.ts'

/** The tutorial's auction service: it takes bids, and sends each one's result to all clients. */
export const AUCTION_SERVICE_CLASS = 'io.aeron.samples.cluster.tutorial.BasicAuctionClusteredService'

/** Options of a Java service container. */
export interface ServiceContainerOptions extends ServerOptions {
  /** Public class that implements ClusteredService, in Aeron's jar or on `classPath`. @default AUCTION_SERVICE_CLASS */
  readonly serviceClass?: string | undefined
  /** @default 0 */
  readonly serviceId?: number | undefined
}

/** The node that a container joins. */
export interface ServiceContainerHost {
  readonly memberId: number
  readonly aeronDirectory: string
  readonly clusterDirectory: string
}

/**
 * Starts Java's service container (`io.aeron.cluster.service.ClusteredServiceContainer`) on a node, and waits until it is there;
 * the election comes after.
 *
 * @throws {AeronToolingError} PROCESS_EXITED or TIMED_OUT with the end of its log.
 */
export async function launchServiceContainer(
  host: ServiceContainerHost,
  options: ServiceContainerOptions = {},
): Promise<ServerProcess> {
  const { serviceClass = AUCTION_SERVICE_CLASS, serviceId = 0 } = options
  const name = options.name ?? `service-container-${host.memberId}-${serviceId}`
  const runDirectory = RunDirectory.create(name, options)
  const plan = {
    name,
    mainClass: 'io.aeron.cluster.service.ClusteredServiceContainer',
    properties: {
      'aeron.dir': host.aeronDirectory,
      'aeron.cluster.dir': host.clusterDirectory,
      'aeron.cluster.service.id': String(serviceId),
      'aeron.cluster.service.class.name': serviceClass,
      'aeron.cluster.idle.strategy': IDLE_STRATEGY,
    },
    runDirectory,
    isReady: () => hasServiceContainer(readCounters(host.aeronDirectory), serviceId),
    beforeRestart: () => markInactive(join(host.clusterDirectory, `cluster-mark-service-${serviceId}.dat`)),
    // It ends with a failure of its own when its node is killed.
    mayFail: true,
  }
  return new ServerProcess(plan, options).start()
}
