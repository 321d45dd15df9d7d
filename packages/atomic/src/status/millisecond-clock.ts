/** Tells the time of day; `EpochClock` of `@x/idlestrategy` is one. */
export interface MillisecondClock {
  /** Milliseconds since 1 January 1970 UTC. */
  timeMs(): number
}
