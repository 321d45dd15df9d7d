/**
 * State of the election at a member, CLOSED while there is none: the value of its counter, `CounterType.CLUSTER_ELECTION_STATE`. Protocol: Aeron's
 * `ElectionState`.
 */
export const ElectionState = {
  INIT: 0,
  CANVASS: 1,
  NOMINATE: 2,
  CANDIDATE_BALLOT: 3,
  FOLLOWER_BALLOT: 4,
  LEADER_LOG_REPLICATION: 5,
  LEADER_REPLAY: 6,
  LEADER_INIT: 7,
  LEADER_READY: 8,
  FOLLOWER_LOG_REPLICATION: 9,
  FOLLOWER_REPLAY: 10,
  FOLLOWER_CATCHUP_INIT: 11,
  FOLLOWER_CATCHUP_AWAIT: 12,
  FOLLOWER_CATCHUP: 13,
  FOLLOWER_LOG_INIT: 14,
  FOLLOWER_LOG_AWAIT: 15,
  FOLLOWER_READY: 16,
  CLOSED: 17,
} as const
export type ElectionState = (typeof ElectionState)[keyof typeof ElectionState]
