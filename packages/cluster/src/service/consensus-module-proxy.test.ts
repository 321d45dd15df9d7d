import { AtomicBuffer } from '@x/atomic'
import { BACK_PRESSURED, BufferClaim, CLOSED, MAX_POSITION_EXCEEDED, NOT_CONNECTED } from '@x/client'
import { expect, test } from 'vitest'
import { FakePublication } from '../../test/support/fake-publication.ts'
import { isClusterError } from '../cluster-error.ts'
import { SESSION_HEADER_LENGTH, SessionMessageHeader } from '../session-message-header.ts'
import { ConsensusModuleProxy, sendWithRetry } from './consensus-module-proxy.ts'

function setUp(): { fake: FakePublication; proxy: ConsensusModuleProxy } {
  const fake = new FakePublication()
  return { fake, proxy: new ConsensusModuleProxy(fake.publication) }
}

const ACK = { logPosition: 0, timestamp: 0n, ackId: 0n, relevantId: 43n, serviceId: 0 }

// The bytes were captured from Java services of Aeron 1.51.0, but for the version, which is ours.
test('ConsensusModuleProxy.ack() writes what a Java service writes', () => {
  const { fake, proxy } = setUp()
  expect(proxy.ack(ACK)).toBe(true)
  expect(fake.lastHex).toBe(
    '240021006f001100' + '0000000000000000'.repeat(3) + '2b00000000000000' + '00000000',
  )
  proxy.ack({ logPosition: 5056, timestamp: 0x1a2_0491_d6b2n, ackId: 2n, relevantId: 1n, serviceId: 0 })
  expect(fake.lastHex).toBe(
    '240021006f001100' +
      'c013000000000000' +
      'b2d69104a2010000' +
      '0200000000000000' +
      '0100000000000000' +
      '00000000',
  )
})

test('ConsensusModuleProxy writes timers and session closes as a Java service does', () => {
  const { fake, proxy } = setUp()
  proxy.scheduleTimer(42n, 0x1a2_0491_d41cn)
  expect(fake.lastHex).toBe('10001f006f001100' + '2a00000000000000' + '1cd49104a2010000')
  proxy.cancelTimer(42n)
  expect(fake.lastHex).toBe('080020006f001100' + '2a00000000000000')
  proxy.closeSession(2n)
  expect(fake.lastHex).toBe('08001e006f001100' + '0200000000000000')
})

test('ConsensusModuleProxy leaves no open claim behind when a service gives it what has no encoding', () => {
  const { fake, proxy } = setUp()
  // As a hash of 64 bits without sign: the consensus module would hear no ack until the driver unblocks the claim.
  expect(() => proxy.scheduleTimer(2n ** 63n, 0n)).toThrow(RangeError)
  expect(fake.hasOpenClaim).toBe(false)
  expect(() => proxy.cancelTimer(7 as unknown as bigint)).toThrow(TypeError)
  expect(fake.hasOpenClaim).toBe(false)
  expect(proxy.ack(ACK)).toBe(true)
  expect(fake.messages).toHaveLength(1)
})

test('ConsensusModuleProxy puts the session header in front of what it offers and claims', () => {
  const { fake, proxy } = setUp()
  const header = new SessionMessageHeader()
  header.setLeadershipTermId(1n)
  header.setClusterSessionId(3n)
  const headerHex = '180001006f001100' + '0100000000000000' + '0300000000000000' + '0000000000000000'
  expect(proxy.offer(header.buffer, new Uint8Array([0, 7, 8, 0]), 1, 2)).toBe(4096)
  expect(fake.lastHex).toBe(headerHex + '0708')
  const claim = new BufferClaim()
  proxy.tryClaim(header.buffer, 1, claim)
  claim.buffer.putUint8(claim.offset + SESSION_HEADER_LENGTH, 9)
  claim.commit()
  expect(fake.lastHex).toBe(headerHex + '09')
})

test('ConsensusModuleProxy tells back pressure by its result', () => {
  const { fake, proxy } = setUp()
  fake.result = BACK_PRESSURED
  expect(proxy.ack(ACK)).toBe(false)
  expect(proxy.scheduleTimer(1n, 1n)).toBe(false)
  expect(proxy.offer(AtomicBuffer.allocate(32), new Uint8Array(1), 0, 1)).toBe(BACK_PRESSURED)
  expect(fake.sent).toEqual([])
})

for (const result of [NOT_CONNECTED, CLOSED, MAX_POSITION_EXCEEDED]) {
  test(`ConsensusModuleProxy throws when its publication gives ${result}`, () => {
    const { fake, proxy } = setUp()
    fake.result = result
    for (const call of [
      () => proxy.ack(ACK),
      () => proxy.tryClaim(AtomicBuffer.allocate(32), 1, new BufferClaim()),
    ]) {
      let thrown: unknown
      try {
        call()
      } catch (error) {
        thrown = error
      }
      if (!isClusterError(thrown, 'CONTROL_PUBLICATION_UNUSABLE'))
        throw new Error('expected an unusable publication')
      expect(thrown.context).toEqual({ result })
    }
  })
}

test('ConsensusModuleProxy.offerVectors() puts the parts behind the session header', () => {
  const { fake, proxy } = setUp()
  const header = AtomicBuffer.allocate(32)
  header.putUint8(0, 9)
  const parts = [{ buffer: new Uint8Array([1, 2]) }, { buffer: new Uint8Array([3]) }]
  expect(proxy.offerVectors(header, parts)).toBe(fake.result)
  expect(fake.lastHex).toBe(`09${'00'.repeat(31)}010203`)
  fake.result = CLOSED
  expect(() => proxy.offerVectors(header, parts)).toThrow('publication must be usable')
})

test('sendWithRetry() idles between attempts and gives up after the last', () => {
  const calls: string[] = []
  const send = (succeedsAt: number) => (): boolean => {
    calls.push('send')
    return calls.filter((call) => call === 'send').length === succeedsAt
  }
  expect(sendWithRetry(3, () => calls.push('idle'), send(2))).toBe(true)
  expect(calls).toEqual(['send', 'idle', 'send'])
  calls.length = 0
  expect(sendWithRetry(3, () => calls.push('idle'), send(9))).toBe(false)
  expect(calls).toEqual(['send', 'idle', 'send', 'idle', 'send'])
})
