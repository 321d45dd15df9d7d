// The liveness service in a worker thread, and another one as soon as that has ended:
// node --import tsx --conditions=@x/source liveness-worker.ts <aeron directory> <cluster directory>.
import { ClusteredServiceContainer, isClusterError, type ServiceWorker } from '@x/cluster'

const SERVICE = new URL('liveness-service.mjs', import.meta.url)
const [aeronDirectory = '', clusterDirectory = ''] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

function launch(): Promise<ServiceWorker> {
  const options = { aeronDirectory, clusterDirectory, consensusModuleTimeoutMs: 500 }
  return ClusteredServiceContainer.launchInWorker(SERVICE, options)
}

const worker = await launch()
say('active')
const { cause, error } = await worker.terminated
say(`terminated ${cause}: ${error?.message}`)
// Its member waits for no service, or has gone with the first: what it must not meet is the mark file of the one before.
const refusal: unknown = await launch().catch((reason: unknown) => reason)
say(isClusterError(refusal, 'ACTIVE_MARK_FILE') ? refusal.message : 'may start')
