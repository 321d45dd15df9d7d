// Sends what comes on stream 1 back on stream 2. JavaScript, as what a worker thread loads from the built package has to be on Node.js 20.

/**
 * @typedef {{ channel: string, failsAfter?: number }} EchoData
 * @param {{ aeron: import('@x/client').Aeron, data: EchoData, port: { postMessage(message: string): void } }} context
 */
export function createAgent({ aeron, data, port }) {
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
