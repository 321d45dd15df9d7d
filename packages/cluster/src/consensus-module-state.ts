/**
 * State of a consensus module: the value of its counter, `CounterType.CLUSTER_CONSENSUS_MODULE_STATE`. Protocol: Aeron's `ConsensusModule.State`.
 */
export const ConsensusModuleState = {
  INIT: 0,
  ACTIVE: 1,
  SUSPENDED: 2,
  SNAPSHOT: 3,
  QUITTING: 4,
  TERMINATING: 5,
  CLOSED: 6,
} as const
export type ConsensusModuleState = (typeof ConsensusModuleState)[keyof typeof ConsensusModuleState]
