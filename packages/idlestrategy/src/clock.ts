/** Tells the time of day. */
export interface EpochClock {
  /** Milliseconds since 1 January 1970 UTC. */
  timeMs(): number
}

/** Tells how much time passes; its zero means nothing. */
export interface NanoClock {
  /** Nanoseconds from an arbitrary, fixed point; never goes back. */
  nanoTime(): bigint
}

/** The system's time of day, to the millisecond. */
export const systemEpochClock: EpochClock = { timeMs: () => Date.now() }

/** The system's monotonic clock. */
export const systemNanoClock: NanoClock = { nanoTime: () => process.hrtime.bigint() }
