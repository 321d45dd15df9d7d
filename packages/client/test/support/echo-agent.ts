import type { WorkerContext } from '@x/client/worker'
import type { Agent } from '@x/idlestrategy'

/** What the echo is told. */
export interface EchoData {
  readonly channel: string
  readonly failsAfter?: number
}

/** Sends what comes on stream 1 back on stream 2. */
export function createAgent({ aeron, data, port }: WorkerContext<EchoData>): Agent {
  const subscription = aeron.addSubscriptionSync(data.channel, 1)
  const publication = aeron.addExclusivePublicationSync(data.channel, 2)
  let count = 0
  return {
    roleName: 'echo',
    onStart: () => port.postMessage('ready'),
    doWork: () =>
      subscription.poll((buffer, offset, length) => {
        if (++count === data.failsAfter) throw new Error('failed as told')
        while (publication.offer(buffer, offset, length) < 0) {}
      }, 10),
    onClose: () => port.postMessage('closed'),
  }
}
