import { AtomicBuffer } from '@x/atomic'
import { Action, type Header, type Subscription } from '@x/client'
import { expect, test } from 'vitest'
import { RECORDED_EGRESS } from '../../test/support/recorded-egress.ts'
import { ConnectResponsePoller, type ConnectResponse } from './connect-response-poller.ts'
import { EgressAdapter, type EgressSink } from './egress-adapter.ts'
import { isClusterError } from '../cluster-error.ts'

const MUTATIONS_PER_MESSAGE = 4_000
const SESSION_IDS = [1n, 2n, -1n]
/** Bytes around a message that belong to others: no text of an event may hold them. */
const STRANGER = 'X'.charCodeAt(0)
const MARGIN = 64
const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]
const HEADER = {
  flags: 0xc0,
  termOffset: 0,
  sessionId: 1,
  context: {},
} as unknown as Header

/** Numbers below a limit, the same at each run. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

/** A message in the midst of strangers, with bits, lengths or its end changed. */
function mutate(
  bytes: Uint8Array,
  random: (limit: number) => number,
): { buffer: AtomicBuffer; length: number } {
  const buffer = AtomicBuffer.allocate(MARGIN + bytes.length + MARGIN)
  buffer.bytes.fill(STRANGER)
  buffer.bytes.set(bytes, MARGIN)
  let { length } = bytes
  for (let change = random(3); change >= 0; change--) {
    const at = MARGIN + random(bytes.length)
    switch (random(4)) {
      case 0:
        buffer.putUint8(at, buffer.getUint8(at) ^ (1 << random(8)))
        break
      case 1:
        length = random(bytes.length + 1)
        break
      case 2:
        buffer.putInt32(Math.min(at, MARGIN + bytes.length - 4), (EXTREMES[random(EXTREMES.length)] ?? 0) | 0)
        break
      default:
        buffer.putUint8(at, random(256))
    }
  }
  return { buffer, length }
}

class Sink implements EgressSink {
  readonly events: object[] = []
  readonly lengths: number[] = []
  onSessionMessage(
    _id: bigint,
    _timestamp: bigint,
    _buffer: AtomicBuffer,
    _offset: number,
    length: number,
  ): Action {
    this.lengths.push(length)
    return Action.CONTINUE
  }
  onSessionEvent = (event: object): void => void this.events.push(event)
  onNewLeader = (event: object): void => void this.events.push(event)
  onAdminResponse = (event: object): void => void this.events.push(event)
  onOtherSchema = (): void => {}
}

/** Length of all that an event holds of texts and bytes. */
function variableLength(event: object): number {
  const values: unknown[] = Object.values(event)
  const parts = values.filter((value) => typeof value === 'string' || value instanceof Uint8Array)
  return parts.reduce((sum, part) => sum + part.length, 0)
}

for (const { name, bytes } of RECORDED_EGRESS) {
  test(`a recorded ${name} that is damaged is one typed error or a message, and the next is read`, () => {
    const random = randomOf(bytes.length)
    const sink = new Sink()
    const adapters = SESSION_IDS.map((id) => new EgressAdapter(id, sink))
    let errors = 0
    for (let mutation = 0; mutation < MUTATIONS_PER_MESSAGE; mutation++) {
      const { buffer, length } = mutate(bytes, random)
      for (const adapter of adapters) {
        sink.events.length = sink.lengths.length = 0
        try {
          adapter.onMessage(buffer, MARGIN, length, HEADER)
        } catch (error) {
          if (!isClusterError(error, 'EGRESS_MESSAGE_INVALID')) throw error
          errors++
        }
        for (const event of sink.events) expect(variableLength(event)).toBeLessThanOrEqual(length)
        for (const bodyLength of sink.lengths) expect(bodyLength).toBeLessThanOrEqual(length)
      }
    }
    expect(errors).toBeGreaterThan(0)
    sink.events.length = sink.lengths.length = 0
    for (const adapter of adapters) adapter.onMessage(AtomicBuffer.wrap(bytes), 0, bytes.length, HEADER)
    expect(sink.events.length + sink.lengths.length).toBe(name === 'Challenge' ? 0 : 1)
  })

  test(`a recorded ${name} that is damaged does not end a connect`, () => {
    const random = randomOf(bytes.length + 1)
    let next: { buffer: AtomicBuffer; offset: number; length: number }
    const subscription: Pick<Subscription, 'controlledPoll'> = {
      controlledPoll: (handler) => (handler(next.buffer, next.offset, next.length, HEADER), 1),
    }
    const poller = new ConnectResponsePoller(subscription as Subscription)
    const correlationId = AtomicBuffer.wrap(bytes).getInt64(name === 'Challenge' ? 8 : 16)
    const poll = (buffer: AtomicBuffer, offset: number, length: number): ConnectResponse | undefined => {
      next = { buffer, offset, length }
      return poller.poll(correlationId)
    }
    for (let mutation = 0; mutation < MUTATIONS_PER_MESSAGE; mutation++) {
      const { buffer, length } = mutate(bytes, random)
      const { event = {}, challenge = {} } = poll(buffer, MARGIN, length) ?? {}
      expect(variableLength(event) + variableLength(challenge)).toBeLessThanOrEqual(length)
    }
    const answer = poll(AtomicBuffer.wrap(bytes), 0, bytes.length)
    expect(answer !== undefined).toBe(name === 'Challenge' || name.startsWith('SessionEvent'))
  })
}
