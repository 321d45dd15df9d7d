// A service container whose service sends back what it gets, until it is ended; says what of the heap is used when so many sessions are
// open. Parameters: dir, clusterDir, counts (of sessions, comma separated).
import type { AtomicBuffer } from '@x/atomic'
import { isRetryable } from '@x/client'
import { ClusteredServiceContainer } from '@x/cluster'
import type { ClientSession, Cluster, ClusteredService } from '@x/cluster'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

const counts = new Set(params.text('counts').split(',').map(Number))

class EchoService implements ClusteredService {
  #sessions = 0
  #measurement = 0
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

  onSessionOpen(): void {
    if (!counts.has(++this.#sessions)) return
    globalThis.gc?.()
    const heap = process.memoryUsage().heapUsed
    printSample({ measurement: ++this.#measurement, sessions: this.#sessions, heap })
  }

  onSessionClose(): void {
    this.#sessions--
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
