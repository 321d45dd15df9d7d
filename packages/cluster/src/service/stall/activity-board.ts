/** What a container's thread is doing; the order is that of the numbers on the board. */
const ACTIVITIES = [
  'the container itself',
  'other code on its thread',
  'onStart',
  'onSessionOpen',
  'onSessionClose',
  'onSessionMessage',
  'onTimerEvent',
  'onNewLeadershipTermEvent',
  'onTakeSnapshot',
  'onRoleChange',
  'doBackgroundWork',
  'onTerminate',
] as const

/** What a container's thread is doing: a callback of the service, its own work, or, between its turns, anything else. */
export type Activity = (typeof ACTIVITIES)[number]

/** Numbers of the activities, for {@link ActivityBoard.activity}. */
export const ActivityCode = {
  CONTAINER: 0,
  OTHER_CODE: 1,
  ON_START: 2,
  ON_SESSION_OPEN: 3,
  ON_SESSION_CLOSE: 4,
  ON_SESSION_MESSAGE: 5,
  ON_TIMER_EVENT: 6,
  ON_NEW_LEADERSHIP_TERM_EVENT: 7,
  ON_TAKE_SNAPSHOT: 8,
  ON_ROLE_CHANGE: 9,
  DO_BACKGROUND_WORK: 10,
  ON_TERMINATE: 11,
} as const

/** What an {@link ActivityBoard} says at one moment. */
export interface ActivityReading {
  readonly activity: Activity
  /** Position in the log at which the container stands. */
  readonly logPosition: number
  /** The session of a session's callback, the correlation id of a timer's; 0 for a message of a service. */
  readonly id: bigint
}

const LENGTH = 72
// int32
const STOP_WORD = 0
const TICK_WORD = 1
const ACTIVITY_WORD = 2
const NEXT_ERROR_WORD = 3
const SEEN_TICK_WORD = 4
const SEEN_ACTIVITY_WORD = 5
const HELD_TICK_WORD = 16
const WATCHED_WORD = 17
// float64 and int64
const POSITION_INDEX = 3
const ID_INDEX = 4
const SEEN_POSITION_INDEX = 5
const SEEN_ID_INDEX = 6
const PAUSED_INDEX = 7

/**
 * Words that a container and the thread that watches over it share: whether the container has its turns, and what its thread is doing. The container
 * writes with plain stores, a few for each entry of the log; the watcher reads when the words have not changed for long.
 */
export class ActivityBoard {
  readonly memory: SharedArrayBuffer
  readonly #ints: Int32Array
  readonly #floats: Float64Array
  readonly #bigs: BigInt64Array

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(LENGTH)) {
    this.memory = memory
    this.#ints = new Int32Array(memory)
    this.#floats = new Float64Array(memory)
    this.#bigs = new BigInt64Array(memory)
  }

  /** The word that the writers of the container's error log share. */
  get nextErrorOffset(): Int32Array {
    return this.#ints.subarray(NEXT_ERROR_WORD, NEXT_ERROR_WORD + 1)
  }

  /** What is being done, an {@link ActivityCode}. */
  get activity(): number {
    return this.#ints[ACTIVITY_WORD] ?? 0
  }

  set activity(code: number) {
    this.#ints[ACTIVITY_WORD] = code
  }

  /** Begins an activity. Returns the one before it, to go back to. */
  begin(code: number, logPosition: number, id: bigint): number {
    const previous = this.activity
    this.#floats[POSITION_INDEX] = logPosition
    this.#bigs[ID_INDEX] = id
    this.activity = code
    return previous
  }

  /** Ticks so far; 0 before the first. */
  get ticks(): number {
    return Atomics.load(this.#ints, TICK_WORD)
  }

  /** The container has a turn. */
  tick(): void {
    // 0 says that there was none yet.
    const next = (this.ticks + 1) | 0
    Atomics.store(this.#ints, TICK_WORD, next === 0 ? 1 : next)
  }

  /** Whether a thread watches. */
  get isWatched(): boolean {
    return this.#ints[WATCHED_WORD] === 1
  }

  set isWatched(value: boolean) {
    Atomics.store(this.#ints, WATCHED_WORD, value ? 1 : 0)
  }

  /** Whether the watcher has seen no tick for a while. For the container, after each entry of the log: two plain loads. */
  get isTickDue(): boolean {
    return this.#ints[HELD_TICK_WORD] === this.#ints[TICK_WORD]
  }

  /** The watcher has seen no tick since `ticks` for a while. */
  noteTickDue(ticks: number): void {
    Atomics.store(this.#ints, HELD_TICK_WORD, ticks)
  }

  /** What is being done. */
  read(): ActivityReading {
    return readingOf(this.activity, this.#floats[POSITION_INDEX], this.#bigs[ID_INDEX])
  }

  /** The watcher has seen this activity hold the container up since `ticks`. */
  noteSeen(ticks: number): void {
    this.#ints[SEEN_ACTIVITY_WORD] = this.activity
    this.#floats[SEEN_POSITION_INDEX] = this.#floats[POSITION_INDEX] ?? 0
    this.#bigs[SEEN_ID_INDEX] = this.#bigs[ID_INDEX] ?? 0n
    Atomics.store(this.#ints, SEEN_TICK_WORD, ticks)
  }

  /** What the watcher saw hold the container up since the latest tick, if it did. */
  get seen(): ActivityReading | undefined {
    if (Atomics.load(this.#ints, SEEN_TICK_WORD) !== this.ticks) return undefined
    return readingOf(
      this.#ints[SEEN_ACTIVITY_WORD] ?? 0,
      this.#floats[SEEN_POSITION_INDEX],
      this.#bigs[SEEN_ID_INDEX],
    )
  }

  /** Milliseconds for which the watcher did not run itself: the process was paused, or had no processor. */
  get pausedMs(): number {
    return this.#floats[PAUSED_INDEX] ?? 0
  }

  set pausedMs(value: number) {
    this.#floats[PAUSED_INDEX] = value
  }

  /** Whether the container has ended. */
  get isStopped(): boolean {
    return Atomics.load(this.#ints, STOP_WORD) === 1
  }

  /** The container ends: from here on its mark file is not its own. */
  stop(): void {
    Atomics.store(this.#ints, STOP_WORD, 1)
  }
}

function readingOf(code: number, logPosition = 0, id = 0n): ActivityReading {
  return { activity: ACTIVITIES[code] ?? 'the container itself', logPosition, id }
}

/** An activity in words, such as "onSessionMessage at log position 4512 of session 7". */
export function describeActivity({ activity, logPosition, id }: ActivityReading): string {
  const place = `${activity} at log position ${logPosition}`
  if (activity === 'onTimerEvent') return `${place} of timer ${id}`
  if (!activity.startsWith('onSession')) return place
  return id === 0n ? `${place} of a service's message` : `${place} of session ${id}`
}
