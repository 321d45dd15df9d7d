import { parseDurationNs, parseSize } from '@x/client/internal'
import { idleStrategyByName } from '@x/idlestrategy'
import type { ContainerOptions } from './container-options.ts'

type Reader = (text: string) => unknown

const text: Reader = (value) => value
const integer: Reader = (value) => {
  if (!/^-?\d+$/.test(value)) throw new RangeError('it must be an integer')
  return Number(value)
}
const flag: Reader = (value) => {
  if (!/^(?:true|false)$/i.test(value)) throw new RangeError('it must be true or false')
  return value.toLowerCase() === 'true'
}

/** Java's properties of the container, in upper case with underscores, as Aeron's C client names its own. */
const VARIABLES: readonly (readonly [variable: string, option: keyof ContainerOptions, read: Reader])[] = [
  ['AERON_CLUSTER_ID', 'clusterId', integer],
  ['AERON_CLUSTER_SERVICE_ID', 'serviceId', integer],
  ['AERON_CLUSTER_SERVICE_NAME', 'serviceName', text],
  ['AERON_CLUSTER_DIR', 'clusterDirectory', text],
  ['AERON_CLUSTER_MARK_FILE_DIR', 'markFileDirectory', text],
  ['AERON_CLUSTER_CONTROL_CHANNEL', 'controlChannel', text],
  ['AERON_CLUSTER_SERVICE_STREAM_ID', 'serviceStreamId', integer],
  ['AERON_CLUSTER_CONSENSUS_MODULE_STREAM_ID', 'consensusModuleStreamId', integer],
  ['AERON_CLUSTER_REPLAY_CHANNEL', 'replayChannel', text],
  ['AERON_CLUSTER_REPLAY_STREAM_ID', 'replayStreamId', integer],
  ['AERON_CLUSTER_SNAPSHOT_CHANNEL', 'snapshotChannel', text],
  ['AERON_CLUSTER_SNAPSHOT_STREAM_ID', 'snapshotStreamId', integer],
  ['AERON_CLUSTER_SERVICE_RESPONDER', 'isRespondingService', flag],
  ['AERON_CLUSTER_LOG_FRAGMENT_LIMIT', 'logFragmentLimit', integer],
  ['AERON_CLUSTER_SERVICE_ERROR_BUFFER_LENGTH', 'errorBufferLength', (value) => Number(parseSize(value))],
  ['AERON_CLUSTER_SERVICE_CYCLE_THRESHOLD', 'cycleThresholdNs', parseDurationNs],
  ['AERON_CLUSTER_SERVICE_SNAPSHOT_THRESHOLD', 'snapshotThresholdNs', parseDurationNs],
  ['AERON_CLUSTER_IDLE_STRATEGY', 'idleStrategy', idleStrategyByName],
]

/**
 * The options that are set in the environment. Durations are digits with `s`, `ms`, `us` or `ns`, lengths with `k`, `m` or `g`.
 *
 * @throws RangeError for a value that is none
 */
export function readContainerEnvironment(environment: NodeJS.ProcessEnv): Partial<ContainerOptions> {
  const options: Partial<Record<keyof ContainerOptions, unknown>> = {}
  for (const [variable, option, read] of VARIABLES) {
    const value = environment[variable]
    if (value === undefined || value === '') continue
    try {
      options[option] = read(value)
    } catch (error) {
      throw new RangeError(
        `Cannot launch the service container: the environment's ${variable} must have a value for ${option}, current value is "${value}"`,
        { cause: error },
      )
    }
  }
  return options as Partial<ContainerOptions>
}
