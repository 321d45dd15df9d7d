import { checkDeterminism, TestCluster, type TestSession } from '@x/cluster/testing'
import { expect, test } from 'vitest'
import { EchoService } from './echo-service.ts'
import { EchoEncoder } from './gen/echo-encoder.ts'
import { MessageDispatcher } from './gen/message-dispatcher.ts'
import { MessageHeaderEncoder } from './gen/message-header-encoder.ts'

function echo(sequence: number): Uint8Array {
  const buffer = new Uint8Array(64)
  const encoder = new EchoEncoder()
    .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
    .sequence(sequence)
    .sentTimeUs(0)
    .payload(Buffer.from('hello'))
  return buffer.subarray(0, MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength)
}

/** What a session was sent, in words. */
function received(session: TestSession): string[] {
  const texts: string[] = []
  const dispatcher = new MessageDispatcher()
  for (const payload of session.payloads) {
    dispatcher.dispatch(payload, 0, payload.length, {
      onEcho: ({ sequence }) => texts.push(`echo ${sequence}`),
      onTick: ({ count, echoCount }) => texts.push(`tick ${count} after ${echoCount}`),
    })
  }
  return texts
}

function script(cluster: TestCluster<EchoService>): void {
  const [one, other] = [cluster.openSession(), cluster.openSession()]
  for (let sequence = 0; sequence < 25; sequence++) {
    one.send(echo(sequence))
    if (sequence % 3 === 0) other.send(echo(sequence))
    cluster.advanceTime(170)
  }
  one.close()
  cluster.advanceTime(2_000)
}

test('echoes go to their session, and a tick to all sessions each second', () => {
  using cluster = new TestCluster({ createService: () => new EchoService() })
  const [one, other] = [cluster.openSession(), cluster.openSession()]
  one.send(echo(7))
  expect(Buffer.from(one.payloads[0]!)).toEqual(Buffer.from(echo(7)))
  cluster.advanceTime(2_000)
  expect(received(one)).toEqual(['echo 7', 'tick 1 after 1', 'tick 2 after 1'])
  expect(received(other)).toEqual(['tick 1 after 1', 'tick 2 after 1'])
})

test('the count and the timer outlive the process', () => {
  using cluster = new TestCluster({ createService: () => new EchoService() })
  const session = cluster.openSession()
  session.send(echo(1))
  cluster.takeSnapshot()
  session.send(echo(2))
  cluster.restart()
  session.takeResponses()
  cluster.advanceTime(1_000)
  expect(cluster.service.echoCount).toBe(2n)
  expect(received(session)).toEqual(['tick 1 after 2'])
})

test('a client that does not read costs the others a bounded wait, and its session', () => {
  using cluster = new TestCluster({ createService: () => new EchoService() })
  const [slow, other] = [cluster.openSession(), cluster.openSession()]
  slow.backPressure(Infinity)
  slow.send(echo(1))
  other.send(echo(2))
  expect([slow.isOpen, other.isOpen, received(other)]).toEqual([false, true, ['echo 2']])
})

test('all members have the same state, and snapshots all of it', () => {
  const { runs } = checkDeterminism({
    createService: () => new EchoService(),
    script,
    digest: ({ echoCount, logPosition }) => ({ echoCount, logPosition }),
    snapshotInterval: 5,
  })
  expect(runs.length).toBeGreaterThan(8)
})
