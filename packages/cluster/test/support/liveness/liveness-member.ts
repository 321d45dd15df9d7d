// The liveness service in a process of its own:
// node --expose-gc --import tsx --conditions=@x/source liveness-member.ts <aeron directory> <cluster directory> <stall threshold>.
import { ClusteredServiceContainer, isClusterError } from '@x/cluster'
import { LivenessService } from './liveness-service.mjs'

const [aeronDirectory = '', clusterDirectory = '', stallThresholdMs = ''] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const container = await ClusteredServiceContainer.launch({
  clusteredService: new LivenessService(say),
  aeronDirectory,
  clusterDirectory,
  stallThresholdMs: Number(stallThresholdMs),
  errorHandler: (error) => {
    const isStall = isClusterError(error, 'CONTAINER_STALLED')
    const context = isStall
      ? { ...error.context, clusterSessionId: String(error.context.clusterSessionId) }
      : {}
    say(`${isStall ? 'stall' : 'error'} ${JSON.stringify({ message: error.message, ...context })}`)
  },
})
say('active')
const { cause, expected } = await container.terminated
say(`terminated ${cause}`)
process.exitCode = expected ? 0 : 1
