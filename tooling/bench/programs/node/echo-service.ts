// A service container whose service sends back what it gets, until it is ended. Parameters: dir, clusterDir.
import type { AtomicBuffer } from '@x/atomic'
import { isRetryable } from '@x/client'
import { ClusteredServiceContainer } from '@x/cluster'
import type { ClientSession, Cluster, ClusteredService } from '@x/cluster'
import { params } from './lib/params.ts'

class EchoService implements ClusteredService {
  #cluster: Cluster | undefined

  onStart(cluster: Cluster): void {
    this.#cluster = cluster
  }

  onSessionMessage(
    session: ClientSession | undefined,
    _timestamp: bigint,
    buffer: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    while (isRetryable(session!.offer(buffer, offset, length))) this.#cluster!.idleStrategy.idle()
  }

  onTakeSnapshot(): void {}
}

const container = await ClusteredServiceContainer.launch({
  clusteredService: new EchoService(),
  aeronDirectory: params.text('dir'),
  clusterDirectory: params.text('clusterDir'),
})
process.once('SIGTERM', () => void container.close())
await container.terminated
