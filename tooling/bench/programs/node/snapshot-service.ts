// A service whose state is a number of chunks: says how long writing it as a snapshot takes, and reading it back. Until it is ended.
// Parameters: dir, clusterDir, chunks, chunkLength.
import { AtomicBuffer } from '@x/atomic'
import { FragmentAssembler, isRetryable } from '@x/client'
import type { ExclusivePublication, Image } from '@x/client'
import { ClusteredServiceContainer } from '@x/cluster'
import type { Cluster, ClusteredService } from '@x/cluster'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

const FRAGMENT_LIMIT = 256
const chunks = params.number('chunks')
const chunkLength = params.number('chunkLength')

class SnapshotService implements ClusteredService {
  readonly #buffer = AtomicBuffer.allocate(chunkLength)
  #cluster: Cluster | undefined

  onStart(cluster: Cluster, snapshotImage: Image | undefined): void {
    this.#cluster = cluster
    if (snapshotImage === undefined) return
    const startMs = performance.now()
    let count = 0
    const assembler = new FragmentAssembler((buffer, offset) => {
      if (buffer.getInt32(offset) !== count++) throw new Error('Cannot load: a chunk is missing')
    })
    while (count < chunks) cluster.idleStrategy.idle(snapshotImage.poll(assembler.onFragment, FRAGMENT_LIMIT))
    printSample({ loadSeconds: (performance.now() - startMs) / 1_000 })
  }

  onSessionMessage(): void {}

  onTakeSnapshot(publication: ExclusivePublication): void {
    const startMs = performance.now()
    for (let i = 0; i < chunks; i++) {
      this.#buffer.putInt32(0, i)
      while (isRetryable(publication.offer(this.#buffer, 0, chunkLength))) this.#cluster!.idleStrategy.idle()
    }
    printSample({ writeSeconds: (performance.now() - startMs) / 1_000 })
  }
}

const container = await ClusteredServiceContainer.launch({
  clusteredService: new SnapshotService(),
  aeronDirectory: params.text('dir'),
  clusterDirectory: params.text('clusterDir'),
})
process.once('SIGTERM', () => void container.close())
await container.terminated
