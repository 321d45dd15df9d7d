/** Tells the time of day. */
export interface EpochClock {
  /** Milliseconds since 1 January 1970 UTC. */
  timeMs(): number
}

/** Tells the time of day to the microsecond: Agrona's `EpochMicroClock`. */
export interface EpochMicroClock {
  /** Microseconds since 1 January 1970 UTC. */
  timeMicros(): bigint
}

/** Tells the time of day to the nanosecond: Agrona's `EpochNanoClock`. */
export interface EpochNanoClock {
  /** Nanoseconds since 1 January 1970 UTC. */
  timeNanos(): bigint
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
