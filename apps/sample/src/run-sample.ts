import { launchCluster } from '@x/aeron-tooling'
import { AeronCluster, ClusteredServiceContainer } from '@x/cluster'
import { AgentRunner, BackoffIdleStrategy } from '@x/idlestrategy'
import { EchoClient } from './echo-client.ts'
import { EchoService } from './echo-service.ts'
import type { SampleOptions } from './options.ts'
import type { Screen } from './screen.ts'
import { isComplete, statusLine, summary } from './summary.ts'

/** Waits short enough for a round trip well under a millisecond, and long enough to leave the cores to others when idle. */
const IDLE_STRATEGY = 'org.agrona.concurrent.BackoffIdleStrategy'
const PROPERTIES = {
  'aeron.shared.idle.strategy': IDLE_STRATEGY,
  'aeron.archive.idle.strategy': IDLE_STRATEGY,
  'aeron.cluster.idle.strategy': IDLE_STRATEGY,
}

/**
 * Composes the sample: a real cluster of one member, the service in its container, a client that talks to it. All of it is ended before
 * this returns.
 *
 * @param signal ends the stream
 * @returns whether every message came back exactly once and in order
 */
export async function runSample(
  options: SampleOptions,
  screen: Screen,
  signal: AbortSignal,
): Promise<boolean> {
  const onProgress = (message: string): void => screen.line(message)
  screen.line('starting a cluster of one member')
  await using cluster = await launchCluster({ name: 'sample', properties: PROPERTIES, onProgress })
  signal.throwIfAborted()
  const member = cluster.member(0)
  const { aeronDirectory, clusterDirectory } = member

  screen.line('joining it with the TypeScript service')
  const service = new EchoService()
  const errorHandler = (error: Error): void => screen.line(`${error.name}: ${error.message}`)
  await using container = await ClusteredServiceContainer.launch({
    clusteredService: service,
    aeronDirectory,
    clusterDirectory,
    errorHandler,
    signal,
  })
  await cluster.awaitLeader()

  screen.line(`connecting the TypeScript client to ${cluster.ingressEndpoints}`)
  const client = new EchoClient(options)
  using connection = await AeronCluster.connect({
    aeronDirectory,
    ingressChannel: 'aeron:udp',
    ingressEndpoints: cluster.ingressEndpoints,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    keepAliveIntervalMs: 1_000,
    egressListener: client,
    signal,
  })
  client.begin(connection)
  const startMs = performance.now()
  screen.live(() => statusLine(client, service))
  await runToEnd(client, signal, container.terminated, errorHandler)
  screen.stop()
  for (const line of summary(client, service, performance.now() - startMs)) screen.line(line)
  return isComplete(client)
}

/** Runs the client until it has seen all it waits for, which the signal limits to what is under way, or until the service ends. */
async function runToEnd(
  client: EchoClient,
  signal: AbortSignal,
  serviceEnded: Promise<unknown>,
  errorHandler: (error: Error) => void,
): Promise<void> {
  const runner = new AgentRunner(client, {
    idleStrategy: new BackoffIdleStrategy(),
    errorHandler: (error) => {
      errorHandler(error instanceof Error ? error : new Error(String(error)))
      void runner.close()
    },
  })
  signal.addEventListener('abort', () => client.finish(), { once: true })
  runner.start()
  await Promise.race([runner.terminated, serviceEnded])
  await runner.close()
}
