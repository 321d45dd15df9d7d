import type { ClusteredService } from '../service/clustered-service.ts'
import { guardDeterminism, type GuardedService, type GuardOptions } from './determinism-guard.ts'

/** Whether a test watches the callbacks of its service, and what it lets through. */
export type GuardOption = boolean | Pick<GuardOptions, 'ignore'>

/** The service under a guard that throws what it finds; undefined where none is wanted. */
export function guardedService(service: ClusteredService, option: GuardOption): GuardedService | undefined {
  if (option === false) return undefined
  const { ignore = [] } = option === true ? {} : option
  return guardDeterminism(service, { ignore, onFound: 'throw' })
}
