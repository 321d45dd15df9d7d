// A service container whose service sends back what it gets, until it is ended; says what of the heap is used when so many sessions are
// open. Parameters: dir, clusterDir, counts (of sessions, comma separated), ownThread (true for a loop that has the thread to itself, as a
// container of Java's has; else on the event loop).
import type { AtomicBuffer } from '@x/atomic'
import { isRetryable } from '@x/client'
import { ClusteredServiceContainer } from '@x/cluster'
import type { ClientSession, Cluster, ClusteredService, ContainerOptions } from '@x/cluster'
import { setImmediate as nextTurn } from 'node:timers/promises'
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

const options: ContainerOptions = {
  clusteredService: new EchoService(),
  aeronDirectory: params.text('dir'),
  clusterDirectory: params.text('clusterDir'),
}
let isEnded = false

function endOnSignal(container: ClusteredServiceContainer): void {
  process.once('SIGTERM', () => {
    isEnded = true
    void container.close()
  })
}

if (params.flag('ownThread')) {
  const container = ClusteredServiceContainer.launchInvoked(options)
  endOnSignal(container)
  const { agentInvoker, context } = container
  // The signal has its turn once in a while.
  for (let turn = 1; !isEnded && agentInvoker?.isRunning === true; turn++) {
    context.idleStrategy.idle(agentInvoker.invoke())
    if (turn % 256 === 0) await nextTurn()
  }
  await container.terminated
} else {
  const container = await ClusteredServiceContainer.launch(options)
  endOnSignal(container)
  await container.terminated
}
