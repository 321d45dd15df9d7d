import { AtomicBuffer } from '@x/atomic'
import { BroadcastTransmitter, TRAILER_LENGTH as BROADCAST_TRAILER_LENGTH } from '@x/atomic/broadcast'
import { CONSUMER_HEARTBEAT_OFFSET, ManyToOneRingBuffer, TRAILER_LENGTH } from '@x/atomic/ring-buffer'
import { counterOffset, CountersManager, REGISTRATION_ID_OFFSET } from '@x/atomic/status'
import { type MappedFile, mapNewFile } from '@x/mmap'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AeronOptions } from '@x/client'
import { CNC_META_DATA_LENGTH, CNC_VERSION } from '../../src/cnc/cnc-file-descriptor.ts'
import { Command, DriverEvent } from '../../src/command/control-protocol-events.ts'
import { CorrelatedMessageFlyweight } from '../../src/command/correlated-message-flyweight.ts'
import { CounterUpdateFlyweight } from '../../src/command/counter-update-flyweight.ts'
import { ErrorResponseFlyweight } from '../../src/command/error-response-flyweight.ts'
import { ImageBuffersReadyFlyweight } from '../../src/command/image-buffers-ready-flyweight.ts'
import { ImageMessageFlyweight } from '../../src/command/image-message-flyweight.ts'
import { PublicationBuffersReadyFlyweight } from '../../src/command/publication-buffers-ready-flyweight.ts'
import { RemoveMessageFlyweight } from '../../src/command/remove-message-flyweight.ts'
import { SubscriptionReadyFlyweight } from '../../src/command/subscription-ready-flyweight.ts'
import { FakeClock } from './fake-clock.ts'
import { LogFile, type LogOptions } from './log-file.ts'

const RING_LENGTH = 8192 + TRAILER_LENGTH
const BROADCAST_LENGTH = 65_536 + BROADCAST_TRAILER_LENGTH
const VALUES_LENGTH = 64 * 128
const ERROR_LOG_LENGTH = 4096
const SECTION_LENGTHS = [RING_LENGTH, BROADCAST_LENGTH, 4 * VALUES_LENGTH, VALUES_LENGTH, ERROR_LOG_LENGTH]

/** A command as the driver reads it. */
export interface ReceivedCommand {
  readonly typeId: number
  readonly clientId: bigint
  readonly correlationId: bigint
  readonly body: AtomicBuffer
}

/** How a fake driver presents itself. */
export interface FakeDriverOptions {
  readonly version?: number
  readonly clientLivenessTimeoutNs?: bigint
}

/** The shared memory of a driver without the driver: a test plays its part, step by step, and owns the clock. */
export class FakeDriver implements Disposable {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'fake-driver-'))
  readonly clock: FakeClock = new FakeClock()
  readonly counters: CountersManager
  readonly ring: ManyToOneRingBuffer
  readonly cncPath: string
  readonly #mapping: MappedFile
  readonly #metadata: AtomicBuffer
  readonly #ringBuffer: AtomicBuffer
  readonly #transmitter: BroadcastTransmitter
  readonly #scratch = AtomicBuffer.allocate(8192)
  readonly #logs: LogFile[] = []

  constructor(options: FakeDriverOptions = {}) {
    this.cncPath = join(this.directory, 'cnc.dat')
    const length = SECTION_LENGTHS.reduce((sum, section) => sum + section, CNC_META_DATA_LENGTH)
    this.#mapping = mapNewFile(this.cncPath, length)
    let offset = CNC_META_DATA_LENGTH
    const sections = SECTION_LENGTHS.map((section) => {
      offset += section
      return AtomicBuffer.wrap(this.#mapping.memory, offset - section, section)
    })
    this.#metadata = AtomicBuffer.wrap(this.#mapping.memory, 0, CNC_META_DATA_LENGTH)
    for (const [i, section] of SECTION_LENGTHS.entries()) this.#metadata.putInt32(4 + i * 4, section)
    this.#metadata.putInt64(24, options.clientLivenessTimeoutNs ?? 10_000_000_000n)
    this.#ringBuffer = sections[0]!
    this.ring = new ManyToOneRingBuffer(this.#ringBuffer)
    this.#transmitter = new BroadcastTransmitter(sections[1]!)
    this.counters = new CountersManager(sections[2]!, sections[3]!)
    this.ring.nextCorrelationId()
    this.beat()
    this.#metadata.putInt32Release(0, options.version ?? CNC_VERSION)
  }

  /** Options for a client of this driver that the test drives. */
  get clientOptions(): AeronOptions {
    const { directory, clock } = this
    return { aeronDirectory: directory, epochClock: clock, nanoClock: clock, useConductorAgentInvoker: true }
  }

  /** Shows that the driver is alive. */
  beat(): void {
    this.ring.updateConsumerHeartbeatTime(BigInt(this.clock.timeMs()))
  }

  /** Lets time pass with the driver alive. */
  advance(durationMs: number): void {
    this.clock.advance(durationMs)
    this.beat()
  }

  /** Leaves as a driver does that is shut down. */
  shutDown(): void {
    this.#ringBuffer.putInt64Release(
      this.#ringBuffer.capacity - TRAILER_LENGTH + CONSUMER_HEARTBEAT_OFFSET,
      -1n,
    )
  }

  /** The commands sent since the last look. */
  receive(): ReceivedCommand[] {
    const commands: ReceivedCommand[] = []
    const correlated = new CorrelatedMessageFlyweight()
    const take = (typeId: number, buffer: AtomicBuffer, offset: number, length: number): void => {
      const body = AtomicBuffer.allocate(length)
      body.putBytes(0, buffer, offset, length)
      const { clientId, correlationId } = correlated.wrap(body, 0)
      commands.push({ typeId, clientId, correlationId, body })
    }
    // One read ends at the end of the ring, the next goes on at its start.
    while (this.ring.read(take) > 0) {}
    return commands
  }

  /** The registration ids that removals of this type have named since the last look. */
  receiveRemovals(typeId: number): bigint[] {
    const remove = new RemoveMessageFlyweight()
    return this.receive()
      .filter((command) => command.typeId === typeId)
      .map(({ body }) => remove.wrap(body, 0).registrationId)
  }

  createLog(name: string, options: LogOptions = {}): LogFile {
    const log = new LogFile(join(this.directory, `${name}.logbuffer`), options)
    this.#logs.push(log)
    return log
  }

  /** A counter with a value, as the driver makes it. */
  createCounter(label: string, typeId: number, registrationId: bigint, key?: Uint8Array): number {
    const id = this.counters.allocate({ label, typeId, ...(key === undefined ? {} : { key }) })
    this.counters.valuesBuffer.putInt64Release(counterOffset(id) + REGISTRATION_ID_OFFSET, registrationId)
    return id
  }

  setCounter(id: number, value: bigint): void {
    this.counters.valuesBuffer.putInt64Release(counterOffset(id), value)
  }

  /** The heartbeat counter that a driver makes at the first command of a client. */
  createHeartbeat(clientId: bigint): number {
    const key = AtomicBuffer.allocate(8)
    key.putInt64(0, clientId)
    return this.createCounter(`client-heartbeat: id=${clientId}`, 11, clientId, key.bytes)
  }

  send(typeId: number, length: number): void {
    this.#transmitter.transmit(typeId, this.#scratch, 0, length)
  }

  /** An event of these bytes, whatever they say. */
  sendRaw(typeId: number, bytes: Uint8Array): void {
    this.#scratch.putBytes(0, bytes, 0, bytes.length)
    this.send(typeId, bytes.length)
  }

  sendUnknown(typeId: number): void {
    this.#scratch.setMemory(0, 64, 0xff)
    this.send(typeId, 64)
  }

  sendError(correlationId: bigint, errorCode: number, message: string): void {
    const event = new ErrorResponseFlyweight().wrap(this.#scratch, 0)
    event.offendingCorrelationId = correlationId
    event.errorCode = errorCode
    event.errorMessage = message
    this.send(DriverEvent.ON_ERROR, event.length)
  }

  sendPublicationReady(
    correlationId: bigint,
    log: { readonly path: string },
    limitCounterId: number,
    originalId: bigint = correlationId,
  ): void {
    const event = new PublicationBuffersReadyFlyweight().wrap(this.#scratch, 0)
    event.correlationId = correlationId
    event.registrationId = originalId
    event.sessionId = 7
    event.streamId = 10
    event.limitCounterId = limitCounterId
    event.channelStatusId = -1
    event.logFileName = log.path
    this.send(DriverEvent.ON_PUBLICATION_READY, event.length)
  }

  sendSubscriptionReady(correlationId: bigint, channelStatusId = -1): void {
    const event = new SubscriptionReadyFlyweight().wrap(this.#scratch, 0)
    event.correlationId = correlationId
    event.channelStatusId = channelStatusId
    this.send(DriverEvent.ON_SUBSCRIPTION_READY, SubscriptionReadyFlyweight.LENGTH)
  }

  sendAvailableImage(
    imageId: bigint,
    subscriptionId: bigint,
    log: { readonly path: string },
    positionCounterId: number,
  ): void {
    const event = new ImageBuffersReadyFlyweight().wrap(this.#scratch, 0)
    event.correlationId = imageId
    event.sessionId = 7
    event.streamId = 10
    event.subscriptionRegistrationId = subscriptionId
    event.positionCounterId = positionCounterId
    event.putLogFileNameAndSourceIdentity(log.path, 'aeron:ipc')
    this.send(DriverEvent.ON_AVAILABLE_IMAGE, event.length)
  }

  sendUnavailableImage(imageId: bigint, subscriptionId: bigint): void {
    const event = new ImageMessageFlyweight().wrap(this.#scratch, 0)
    event.correlationId = imageId
    event.subscriptionRegistrationId = subscriptionId
    event.streamId = 10
    event.channel = 'aeron:ipc'
    this.send(DriverEvent.ON_UNAVAILABLE_IMAGE, event.length)
  }

  sendCounter(typeId: number, registrationId: bigint, counterId: number): void {
    const event = new CounterUpdateFlyweight().wrap(this.#scratch, 0)
    event.registrationId = registrationId
    event.counterId = counterId
    this.send(typeId, CounterUpdateFlyweight.LENGTH)
  }

  sendClientTimeout(clientId: bigint): void {
    this.#scratch.putInt64(0, clientId)
    this.send(DriverEvent.ON_CLIENT_TIMEOUT, 8)
  }

  close(): void {
    for (const log of this.#logs) log.close()
    this.#mapping.close()
    rmSync(this.directory, { recursive: true, force: true })
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

/** The types of commands, for tests that look at what was sent. */
export { Command, DriverEvent }
