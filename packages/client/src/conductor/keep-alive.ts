import { AtomicCounter, type CountersReader } from '@x/atomic/status'
import { AeronError } from '../aeron-error.ts'
import type { ResolvedAeronOptions } from '../aeron-options.ts'
import { clientVersion } from '../client-version.ts'
import type { CncFile } from '../cnc/cnc-file.ts'
import { appendToLabel, findHeartbeat, isHeartbeatOf } from '../status/heartbeat-timestamp.ts'

/** Both directions of liveness: watches the driver's heartbeat, and shows the driver ours. */
export class KeepAlive {
  readonly #options: ResolvedAeronOptions
  readonly #cncFile: CncFile
  readonly #countersReader: CountersReader
  readonly #clientId: bigint
  #dueMs: number
  #counter: AtomicCounter | undefined

  constructor(
    options: ResolvedAeronOptions,
    cncFile: CncFile,
    countersReader: CountersReader,
    clientId: bigint,
    nowMs: number,
  ) {
    this.#options = options
    this.#cncFile = cncFile
    this.#countersReader = countersReader
    this.#clientId = clientId
    this.#dueMs = nowMs + options.keepAliveIntervalMs
  }

  /**
   * Does what is due; gives how much that was.
   *
   * @throws AeronError `DRIVER_TIMEOUT` or `CLIENT_TIMEOUT`: the client must end
   */
  onTick(nowMs: number): number {
    if (nowMs < this.#dueMs) return 0
    const epochMs = this.#options.epochClock.timeMs()
    this.#checkDriver(epochMs)
    // A counter not there yet is looked for at every turn.
    if (this.#showAlive(epochMs)) this.#dueMs = nowMs + this.#options.keepAliveIntervalMs
    return 1
  }

  #checkDriver(epochMs: number): void {
    const { aeronDirectory, driverTimeoutMs } = this.#options
    const heartbeatMs = this.#cncFile.driverHeartbeatMs
    if (epochMs <= heartbeatMs + driverTimeoutMs) return
    const what =
      heartbeatMs < 0
        ? 'the driver has been shut down'
        : `its last heartbeat must be at most ${driverTimeoutMs} ms old, current age is ${epochMs - heartbeatMs} ms`
    throw new AeronError(
      'DRIVER_TIMEOUT',
      `Cannot go on with the driver in "${aeronDirectory}": ${what}; start a driver and connect anew`,
      { aeronDirectory, driverTimeoutMs },
    )
  }

  #showAlive(epochMs: number): boolean {
    const counter = this.#counter ?? this.#find()
    if (counter === undefined) return false
    if (!isHeartbeatOf(this.#countersReader, counter.id, this.#clientId)) {
      throw new AeronError(
        'CLIENT_TIMEOUT',
        `Cannot go on as client ${this.#clientId}: its heartbeat counter must stay allocated, the driver has freed it; connect anew`,
        { clientId: this.#clientId },
      )
    }
    counter.setRelease(BigInt(epochMs))
    return true
  }

  #find(): AtomicCounter | undefined {
    const counterId = findHeartbeat(this.#countersReader, this.#clientId)
    if (counterId === undefined) return undefined
    const label = ` name=${this.#options.clientName} version=${clientVersion()} commit=`
    appendToLabel(this.#countersReader, counterId, label)
    this.#counter = new AtomicCounter(this.#countersReader.valuesBuffer, counterId)
    return this.#counter
  }
}
