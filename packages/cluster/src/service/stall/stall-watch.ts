import { ClusterError } from '../../cluster-error.ts'
import { ActivityBoard, describeActivity, type ActivityReading } from './activity-board.ts'
import { GcMeter } from './gc-meter.ts'
import { unwatchContainer, watchContainer } from './watching-thread.ts'

/** Ours: a stall that the watching thread has not seen is told when it was longer than the threshold by this. */
const UNSEEN_FACTOR = 1.5
/** Ours: ticks after which a stall is told without waiting for the event loop, which some threads never come to. */
const PATIENCE_TICKS = 50

/** What a {@link StallWatch} watches for. */
export interface StallWatchOptions {
  readonly serviceId: number
  /** How long the container may be without a turn, in milliseconds. */
  readonly thresholdMs: number
  /** When the driver takes the container for dead, in milliseconds. */
  readonly clientLivenessTimeoutMs: number
  /** Told of each stall, after it. */
  readonly onError: (error: unknown) => void
}

/** Where the watching thread writes, while a stall lasts. */
export interface StallRecord {
  readonly markFilePath: string
  readonly errorBufferLength: number
}

interface Stall {
  readonly stalledMs: number
  readonly endMs: number
  readonly pausedMs: number
  readonly seen: ActivityReading | undefined
}

/**
 * Notices that the container is held up for so long that its driver might take it for dead, and says by what: the watching thread in the
 * mark file's error log while it lasts, and this, when it is over, to the error handler, with how long it was and how much of it was garbage collection.
 */
export class StallWatch {
  /** What the container is doing, for the watching thread. */
  readonly board: ActivityBoard
  readonly #options: StallWatchOptions
  readonly #gc = new GcMeter()
  #stall: Stall | undefined
  #patience = 0
  #pausedMs = 0
  #isClosed = false

  constructor(board: ActivityBoard, options: StallWatchOptions) {
    this.board = board
    this.#options = options
  }

  /** Starts the watching thread, or has it watch one container more. */
  start(record: StallRecord): void {
    const { serviceId, thresholdMs, clientLivenessTimeoutMs, onError } = this.#options
    const { memory } = this.board
    try {
      watchContainer({ memory, serviceId, thresholdMs, clientLivenessTimeoutMs, ...record }, (error) => {
        this.board.isWatched = false
        if (!this.#isClosed) onError(error)
      })
    } catch (error) {
      // As where threads are not permitted: the container goes on, and tells of a stall after it.
      onError(error)
    }
  }

  /** The container has a turn, the first since `gapMs`. */
  onTick(gapMs: number): void {
    const { board } = this
    const { thresholdMs } = this.#options
    if (this.#stall !== undefined && --this.#patience <= 0) this.#tell(false)
    if (gapMs > thresholdMs) {
      const { seen } = board
      if (seen !== undefined || gapMs > thresholdMs * UNSEEN_FACTOR) this.#onStall(gapMs, seen)
    }
    this.#pausedMs = board.pausedMs
    board.tick()
  }

  /** The container has ended. */
  close(): void {
    this.#isClosed = true
    unwatchContainer(this.board)
    if (this.#stall !== undefined) this.#tell(false)
    this.#gc[Symbol.dispose]()
  }

  #onStall(stalledMs: number, seen: ActivityReading | undefined): void {
    if (this.#stall !== undefined) this.#tell(false)
    const pausedMs = this.board.pausedMs - this.#pausedMs
    this.#stall = { stalledMs, endMs: performance.now(), pausedMs, seen }
    this.#patience = PATIENCE_TICKS
    // Only then does the event loop know of the garbage collections.
    setImmediate(() => {
      if (this.#stall !== undefined && !this.#isClosed) this.#tell(true)
    })
  }

  #tell(isGarbageCollectionKnown: boolean): void {
    const stall = this.#stall
    if (stall === undefined) return
    this.#stall = undefined
    const { stalledMs, endMs, pausedMs, seen } = stall
    const { serviceId, thresholdMs, clientLivenessTimeoutMs, onError } = this.#options
    const gcMs = isGarbageCollectionKnown ? this.#gc.msBetween(endMs - stalledMs, endMs) : undefined
    const parts = [
      gcMs !== undefined && gcMs > 0 ? `, ${Math.round(gcMs)} ms of it for garbage collection` : '',
      pausedMs > 0
        ? `, ${Math.round(pausedMs)} ms of it because the process was paused or had no processor`
        : '',
    ]
    onError(
      new ClusterError(
        'CONTAINER_STALLED',
        `Cannot keep service ${serviceId} alive: its container must have a turn at least every ${thresholdMs} ms, and had none for ` +
          `${Math.round(stalledMs)} ms${parts.join('')}, held up by ${seen === undefined ? 'what could not be seen' : describeActivity(seen)}; ` +
          `without one for ${clientLivenessTimeoutMs} ms it is taken for dead, and its consensus module ends`,
        {
          serviceId,
          activity: seen?.activity,
          logPosition: seen?.logPosition,
          clusterSessionId: seen?.activity.startsWith('onSession') === true ? seen.id : undefined,
          stalledMs,
          garbageCollectionMs: gcMs,
          pausedMs,
          thresholdMs,
          clientLivenessTimeoutMs,
        },
      ),
    )
  }
}
