// A ledger in a process of its own: node --import tsx --conditions=@x/source ledger-member.ts <aeron directory> <cluster directory>.
import { ClusteredServiceContainer, isClusterError, type ClusterErrorCode } from '@x/cluster'
import { LedgerService } from './ledger-service.ts'

const [aeronDirectory = '', clusterDirectory = ''] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const service = new LedgerService()
const REFUSALS: readonly ClusterErrorCode[] = ['ACTIVE_MARK_FILE', 'CONSENSUS_MODULE_NOT_FOUND']

try {
  const container = await ClusteredServiceContainer.launch({
    clusteredService: service,
    aeronDirectory,
    clusterDirectory,
    errorHandler: (error) => say(`error ${error.stack}`),
  })
  process.on('SIGTERM', () => void container.close())
  say(`active with ${service.startedWith ?? 'nothing'}`)
  const { cause, expected, error } = await container.terminated
  say(`terminated ${cause} ${expected} ${error?.message ?? ''}`)
  process.exitCode = expected ? 0 : 1
} catch (error) {
  const code = REFUSALS.find((refusal) => isClusterError(error, refusal))
  say(
    code === undefined ? `failed ${error instanceof Error ? error.stack : String(error)}` : `refused ${code}`,
  )
  process.exitCode = 2
}
