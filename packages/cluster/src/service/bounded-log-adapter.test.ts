import { CloseReason, ClusterAction, ClusterTimeUnit } from '@x/codecs/cluster'
import { expect, test } from 'vitest'
import {
  clusterAction,
  newLeadershipTerm,
  sessionClose,
  sessionMessage,
  sessionOpen,
  timerEvent,
} from '../../test/support/log-messages.ts'
import { ScriptedLog } from '../../test/support/scripted-log.ts'
import { isClusterError } from '../cluster-error.ts'
import { BoundedLogAdapter, type LogEvents } from './bounded-log-adapter.ts'
import { TurnBudget } from './turn-budget.ts'

const WITHOUT_END = Number.MAX_SAFE_INTEGER

/** Writes down what the log says. */
class Recorder implements LogEvents {
  readonly events: unknown[] = []
  isOpenRefused = false

  onSessionMessage(...args: Parameters<LogEvents['onSessionMessage']>): void {
    const [low, high, timestamp, buffer, offset, length, header] = args
    const id = (BigInt(high) << 32n) | BigInt(low >>> 0)
    const payload = buffer.getStringWithoutLengthAscii(offset, length)
    this.events.push(['message', id, timestamp, payload, header.position])
  }

  onTimerEvent(...args: Parameters<LogEvents['onTimerEvent']>): void {
    this.events.push(['timer', ...args])
  }

  onSessionOpen(...args: Parameters<LogEvents['onSessionOpen']>): boolean {
    this.events.push(['open', ...args])
    return !this.isOpenRefused
  }

  onSessionClose(...args: Parameters<LogEvents['onSessionClose']>): void {
    this.events.push(['close', ...args])
  }

  onServiceAction(...args: Parameters<LogEvents['onServiceAction']>): boolean {
    this.events.push(['action', ...args])
    return true
  }

  onNewLeadershipTerm(...args: Parameters<LogEvents['onNewLeadershipTerm']>): void {
    this.events.push(['term', ...args])
  }
}

function setUp(
  log: ScriptedLog,
  nanoTime = (): bigint => 0n,
): { recorder: Recorder; adapter: BoundedLogAdapter } {
  const recorder = new Recorder()
  const adapter = new BoundedLogAdapter(recorder, 50, new TurnBudget({ nanoTime }))
  adapter.join(log.image, WITHOUT_END)
  return { recorder, adapter }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'))
}

function thrownBy(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

test('BoundedLogAdapter.poll() tells each kind of entry with the position after it', () => {
  const log = new ScriptedLog()
  const { recorder, adapter } = setUp(log)
  const term = {
    leadershipTermId: 2n,
    logPosition: 96,
    timestamp: 9n,
    timeUnit: ClusterTimeUnit.NANOS,
    appVersion: 1,
  }
  log.append(newLeadershipTerm(term))
  const opened = log.append(sessionOpen(1n, 10n, 'admin'))
  const sent = log.append(sessionMessage(1n, 11n, bytes('bid 7')))
  const due = log.append(timerEvent(42n, 12n))
  const closed = log.append(sessionClose(1n, 13n, CloseReason.TIMEOUT))
  log.append(clusterAction(ClusterAction.SNAPSHOT, 4096, 14n, 1))
  expect(adapter.poll(log.appendPosition)).toBe(6)
  expect(recorder.events).toEqual([
    ['term', { ...term, termBaseLogPosition: 0, leaderMemberId: 0, logSessionId: -7 }],
    [
      'open',
      opened,
      10n,
      {
        id: 1n,
        responseStreamId: 102,
        responseChannel: 'aeron:udp?endpoint=localhost:9999',
        encodedPrincipal: bytes('admin'),
      },
    ],
    ['message', 1n, 11n, 'bid 7', sent],
    ['timer', due, 42n, 12n],
    ['close', closed, 1n, 13n, CloseReason.TIMEOUT],
    [
      'action',
      { leadershipTermId: 0n, logPosition: 4096, timestamp: 14n, action: ClusterAction.SNAPSHOT, flags: 1 },
    ],
  ])
})

// Captured from a running consensus module of Aeron 1.51.0.
test('BoundedLogAdapter.poll() reads captured entries', () => {
  const log = new ScriptedLog()
  const { recorder, adapter } = setUp(log)
  log.append(
    hex(
      '300018006f001000 0000000000000000 6000000000000000 efbc9704a2010000 0000000000000000 00000000 cdf2ce96 00000000 01000000',
    ),
  )
  log.append(hex('180001006f001000 0000000000000000 0100000000000080 27be9704a2010000 4d00000000000000'))
  log.append(hex('180014006f001000 0000000000000000 2a00000000000000 21c09704a2010000'))
  adapter.poll(log.appendPosition)
  expect(log.position).toBe(96 + 96 + 64)
  expect(recorder.events).toMatchObject([
    ['term', { logPosition: 96, timeUnit: ClusterTimeUnit.MILLIS, appVersion: 1 }],
    ['message', -(2n ** 63n) + 1n, 0x1a2_0497_be27n, 'M\0\0\0\0\0\0\0', 192],
    ['timer', 256, 42n, 0x1a2_0497_c021n],
  ])
})

test('BoundedLogAdapter.poll() stays below the limit', () => {
  const log = new ScriptedLog()
  const { recorder, adapter } = setUp(log)
  const first = log.append(timerEvent(1n, 1n))
  log.append(timerEvent(2n, 2n))
  expect(adapter.poll(0)).toBe(0)
  expect(adapter.poll(first)).toBe(1)
  expect(recorder.events).toEqual([['timer', first, 1n, 1n]])
})

test('BoundedLogAdapter.poll() puts a message together, of any length', () => {
  const log = new ScriptedLog()
  const { recorder, adapter } = setUp(log)
  const text = 'abcdefghij'.repeat(3_000)
  const end = log.appendInParts(sessionMessage(1n, 5n, bytes(text)), 1_376)
  adapter.poll(end)
  expect(recorder.events).toEqual([['message', 1n, 5n, text, end]])
})

test('BoundedLogAdapter.poll() drops a message whose leader died while it wrote it', () => {
  const log = new ScriptedLog()
  const { recorder, adapter } = setUp(log)
  const part = sessionMessage(1n, 5n, bytes('x'.repeat(200))).subarray(0, 100)
  log.appendPart(part, 0x80)
  const end = log.append(timerEvent(1n, 6n))
  log.appendPart(part, 0x40)
  adapter.poll(log.appendPosition)
  expect(recorder.events).toEqual([['timer', end, 1n, 6n]])
  expect(log.position).toBe(log.appendPosition)
})

test('BoundedLogAdapter.poll() puts together a message of which the commit position ended the log', () => {
  const text = 'x'.repeat(200)
  const message = sessionMessage(1n, 5n, bytes(text))
  const log = new ScriptedLog(1024)
  const { recorder, adapter } = setUp(log)
  log.appendPart(message.subarray(0, 96), 0x80)
  const committed = log.appendPart(message.subarray(96, 192), 0)
  log.appendPart(message.subarray(192), 0x40)
  adapter.poll(committed)
  adapter.close()
  // The leader that is elected has the rest too, and replays it from there; who was behind reads all of it in one log.
  const rest = new ScriptedLog(committed)
  const end = rest.appendPart(message.subarray(192), 0x40)
  adapter.join(rest.image, WITHOUT_END)
  adapter.poll(end)
  expect(recorder.events).toEqual([['message', 1n, 5n, text, end]])
})

test('BoundedLogAdapter.poll() drops a message that the next log does not go on with', () => {
  const message = sessionMessage(1n, 5n, bytes('x'.repeat(200)))
  const log = new ScriptedLog(1024)
  const { recorder, adapter } = setUp(log)
  const committed = log.appendPart(message.subarray(0, 96), 0x80)
  adapter.poll(committed)
  adapter.close()
  const next = new ScriptedLog(committed)
  next.append(timerEvent(1n, 6n))
  next.appendPart(message.subarray(96), 0x40)
  adapter.join(next.image, WITHOUT_END)
  adapter.poll(next.appendPosition)
  expect(recorder.events.map((event) => (event as unknown[])[0])).toEqual(['timer'])
})

for (const partLength of [1_000, 64]) {
  test(`BoundedLogAdapter.poll() delivers an entry again that was refused, in parts of ${partLength} bytes`, () => {
    const log = new ScriptedLog()
    const { recorder, adapter } = setUp(log)
    const end = log.appendInParts(sessionOpen(1n, 10n), partLength)
    log.append(timerEvent(1n, 11n))
    recorder.isOpenRefused = true
    adapter.poll(log.appendPosition)
    adapter.poll(log.appendPosition)
    recorder.isOpenRefused = false
    adapter.poll(log.appendPosition)
    expect(recorder.events.map((event) => (event as unknown[]).slice(0, 2))).toEqual([
      ['open', end],
      ['open', end],
      ['open', end],
      ['timer', log.appendPosition],
    ])
  })
}

test('BoundedLogAdapter.poll() ignores templates of the schema that it does not know', () => {
  const log = new ScriptedLog()
  const { recorder, adapter } = setUp(log)
  log.append(hex('080019006f001000 0000000000000000'))
  log.append(hex('0800e7036f00ff00 0000000000000000'))
  adapter.poll(log.appendPosition)
  expect(recorder.events).toEqual([])
  expect(log.position).toBe(log.appendPosition)
})

test('BoundedLogAdapter.poll() reads entries of older and newer versions by their own block length', () => {
  const log = new ScriptedLog()
  const { recorder, adapter } = setUp(log)
  // Version 3: NewLeadershipTermEvent without time unit and application version, ClusterActionRequest without flags.
  log.append(
    hex(
      '280018006f000300 0100000000000000 6000000000000000 0900000000000000 0000000000000000 00000000 00000000',
    ),
  )
  log.append(hex('1c0017006f000300 0000000000000000 c000000000000000 0a00000000000000 02000000'))
  // A version that does not exist yet, with one field more.
  log.append(hex('200014006f006300 0000000000000000 2a00000000000000 0b00000000000000 ffffffffffffffff'))
  adapter.poll(log.appendPosition)
  expect(recorder.events).toMatchObject([
    ['term', { leadershipTermId: 1n, timeUnit: ClusterTimeUnit.MILLIS, appVersion: 0 }],
    ['action', { action: ClusterAction.SNAPSHOT, flags: 0 }],
    ['timer', log.appendPosition, 42n, 11n],
  ])
})

const INVALID = {
  'of a foreign schema': '180001006500 1000 0000000000000000 0000000000000000 0000000000000000',
  'shorter than a message header': '180001',
  'shorter than its block': '180014006f001000 0000000000000000',
  'with a string that reaches beyond it':
    '240015006f001000 0000000000000000 0000000000000000 0100000000000000 0000000000000000 66000000 ff000000 61',
  'with a close reason that does not exist':
    '1c0016006f001000 0000000000000000 0100000000000000 0000000000000000 63000000',
}

for (const [what, content] of Object.entries(INVALID)) {
  test(`BoundedLogAdapter.poll() stops in front of an entry ${what}`, () => {
    const log = new ScriptedLog()
    const { recorder, adapter } = setUp(log)
    const before = log.append(timerEvent(1n, 1n))
    const end = log.append(hex(content))
    log.append(timerEvent(2n, 2n))
    const error = thrownBy(() => adapter.poll(log.appendPosition))
    if (!isClusterError(error, 'LOG_ENTRY_INVALID'))
      throw new Error('expected LOG_ENTRY_INVALID', { cause: error })
    expect(error.context.logPosition).toBe(end)
    expect(log.position).toBe(before)
    expect(recorder.events).toHaveLength(1)
  })
}

test('BoundedLogAdapter.isDone is true at the end of the log, of the stream, or of the image', () => {
  const log = new ScriptedLog()
  const { adapter } = setUp(log)
  expect(adapter.isDone).toBe(false)
  log.append(timerEvent(1n, 1n))
  adapter.maxLogPosition = log.appendPosition
  expect(adapter.isDone).toBe(false)
  adapter.poll(log.appendPosition)
  expect(adapter.isDone).toBe(true)
  adapter.maxLogPosition = WITHOUT_END
  expect(adapter.isDone).toBe(false)
  log.isClosed = true
  expect(adapter.isDone).toBe(true)
})

test('BoundedLogAdapter.close() closes the subscription and lets go of the log', () => {
  const log = new ScriptedLog()
  const { adapter } = setUp(log)
  adapter.close()
  expect(log.isSubscriptionClosed).toBe(true)
  expect(adapter.image).toBeUndefined()
  expect(adapter.poll(100)).toBe(0)
})

test('BoundedLogAdapter.poll() ends after an entry that takes long, and the next one goes on behind it', () => {
  const log = new ScriptedLog()
  for (let i = 0; i < 5; i++) log.append(timerEvent(BigInt(i), 0n))
  let nowNs = 0n
  const { recorder, adapter } = setUp(log, () => (nowNs += 2_000_000n))
  for (let polls = 1; polls <= 5; polls++) {
    expect(adapter.poll(log.appendPosition)).toBe(1)
    expect(recorder.events).toHaveLength(polls)
  }
  expect(adapter.poll(log.appendPosition)).toBe(0)
  expect(log.position).toBe(log.appendPosition)
})
