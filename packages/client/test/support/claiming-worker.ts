// Holds an open claim until the thread is ended.
import { parentPort, workerData } from 'node:worker_threads'
import { Aeron, BufferClaim } from '@x/client'
import { eventually } from './eventually.ts'

const { aeronDirectory, channel, streamId } = workerData as {
  aeronDirectory: string
  channel: string
  streamId: number
}
const aeron = await Aeron.connect({ aeronDirectory })
const publication = await aeron.addPublication(channel, streamId)
const claim = new BufferClaim()
await eventually(() => publication.tryClaim(100, claim) > 0)
parentPort?.postMessage('claimed')
