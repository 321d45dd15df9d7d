import { AtomicBuffer } from '@x/atomic'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { LocalLog } from '../../test/support/local-log.ts'
import type { LogOptions } from '../../test/support/log-file.ts'
import { FragmentAssembler } from '../assembler/fragment-assembler.ts'
import { BufferClaim } from '../logbuffer/buffer-claim.ts'
import type { OfferVector } from '../logbuffer/message-parts.ts'
import {
  ADMIN_ACTION,
  BACK_PRESSURED,
  CLOSED,
  isRetryable,
  MAX_POSITION_EXCEEDED,
  NOT_CONNECTED,
  publicationResultName,
} from './publication-result.ts'
import type { Publication } from './publication.ts'

const opened: LocalLog[] = []

function open(options?: LogOptions): LocalLog {
  const log = new LocalLog(options)
  opened.push(log)
  return log
}

afterEach(() => {
  for (const log of opened.splice(0)) log.close()
})

/** The words of a frame header as the protocol lays it out. */
function headerAt(term: AtomicBuffer, offset: number): object {
  return {
    frameLength: term.getInt32(offset),
    version: term.getUint8(offset + 4),
    flags: term.getUint8(offset + 5),
    type: term.getUint16(offset + 6),
    termOffset: term.getInt32(offset + 8),
    sessionId: term.getInt32(offset + 12),
    streamId: term.getInt32(offset + 16),
    termId: term.getInt32(offset + 20),
    reservedValue: term.getInt64(offset + 24),
  }
}

const FRAME = {
  version: 0,
  flags: 0xc0,
  type: 1,
  termOffset: 0,
  sessionId: 7,
  streamId: 10,
  termId: 5,
  reservedValue: 0n,
}

describe.each(['concurrent', 'exclusive'] as const)('a %s publication', (kind) => {
  function publicationOn(log: LocalLog): Publication {
    return kind === 'concurrent' ? log.concurrent() : log.exclusive()
  }

  test('offer() writes one frame', () => {
    const log = open({ initialTermId: 5 })
    const publication = publicationOn(log)
    expect(publication.offer(Buffer.from('xhello!'), 1, 5)).toBe(64)
    expect(headerAt(log.file.terms[0]!, 0)).toEqual({ ...FRAME, frameLength: 37 })
    expect(log.file.terms[0]!.getStringWithoutLengthAscii(32, 5)).toBe('hello')
    expect(publication.position).toBe(64)
    expect(log.file.metadata.getInt64(0)).toBe((5n << 32n) | 64n)
  })

  test('offer() cuts a long message into frames, and asks for the reserved value of each', () => {
    const log = open({ initialTermId: 5, mtuLength: 96 })
    const publication = publicationOn(log)
    const asked: number[][] = []
    const supplier = (_term: AtomicBuffer, offset: number, length: number): bigint => {
      asked.push([offset, length])
      return BigInt(offset)
    }
    expect(publication.offer(new Uint8Array(130), 0, 130, supplier)).toBe(96 + 96 + 64)
    const frames = [0, 96, 192].map((offset) => headerAt(log.file.terms[0]!, offset))
    expect(frames).toEqual([
      { ...FRAME, frameLength: 96, flags: 0x80 },
      { ...FRAME, frameLength: 96, flags: 0, termOffset: 96, reservedValue: 96n },
      { ...FRAME, frameLength: 34, flags: 0x40, termOffset: 192, reservedValue: 192n },
    ])
    expect(asked).toEqual([
      [0, 96],
      [96, 96],
      [192, 34],
    ])
  })

  test('a supplier that throws leaves padding, not a hole', () => {
    const log = open({ mtuLength: 96 })
    const publication = publicationOn(log)
    const image = log.image()
    const supplier = (): bigint => {
      throw new Error('mine')
    }
    expect(() => publication.offer(new Uint8Array(8), 0, 8, supplier)).toThrow('mine')
    expect(() => publication.offer(new Uint8Array(200), 0, 200, supplier)).toThrow('mine')
    publication.offer(Buffer.from('next'))
    const texts: string[] = []
    image.poll((buffer, offset, length) => texts.push(buffer.getStringWithoutLengthAscii(offset, length)), 10)
    expect(texts).toEqual(['next'])
  })

  test('results: not connected, back pressured, closed', () => {
    const log = open()
    const publication = publicationOn(log)
    log.limit = 64
    expect(publication.offer(new Uint8Array(32))).toBe(64)
    expect(publication.offer(new Uint8Array(32))).toBe(BACK_PRESSURED)
    expect(publication.tryClaim(1, new BufferClaim())).toBe(BACK_PRESSURED)
    log.limit = 65
    expect(publication.availableWindow).toBe(1)
    expect(publication.offer(new Uint8Array(32))).toBe(128)
    log.file.isConnected = false
    expect(publication.isConnected).toBe(false)
    expect(publication.offer(new Uint8Array(32))).toBe(NOT_CONNECTED)
    log.limit = 2 ** 40
    expect(publication.positionLimit).toBe(2 ** 40)
    expect(publication.offer(new Uint8Array(32))).toBe(192)
    publication.close()
    publication.close()
    expect(publication.offer(new Uint8Array(1))).toBe(CLOSED)
    expect(publication.offerParts(new Uint8Array(1), 0, 1, new Uint8Array(1), 0, 1)).toBe(CLOSED)
    expect(publication.offerVectors([])).toBe(CLOSED)
    expect(publication.tryClaim(1, new BufferClaim())).toBe(CLOSED)
    expect([publication.position, publication.positionLimit, publication.availableWindow]).toEqual([
      -4, -4, -4,
    ])
    expect(publication.channelStatus).toBe(-1)
  })

  test('a limit lowered after it was read is respected', () => {
    const log = open()
    const publication = publicationOn(log)
    expect(publication.offer(new Uint8Array(1))).toBe(64)
    log.limit = 0
    expect(publication.offer(new Uint8Array(1))).toBe(BACK_PRESSURED)
  })

  test('arguments that could never be sent throw', () => {
    const publication = publicationOn(open())
    const bytes = new Uint8Array(100)
    for (const [offset, length] of [
      [-1, 1],
      [0, -1],
      [0, 101],
      [100, 1],
      [0.5, 1],
      [0, 1.5],
      [Number.NaN, 1],
    ]) {
      expect(() => publication.offer(bytes, offset, length)).toThrow(RangeError)
      expect(() => publication.offerParts(bytes, 0, 1, bytes, offset!, length!)).toThrow(RangeError)
    }
    expect(() => publication.offer(new Uint8Array(publication.maxMessageLength + 1))).toThrow(RangeError)
    for (const length of [-1, publication.maxPayloadLength + 1, 1.5]) {
      expect(() => publication.tryClaim(length, new BufferClaim())).toThrow(RangeError)
    }
    expect(publication.position).toBe(0)
  })

  test('what is no bytes is refused before it could hold readers up', () => {
    const log = open()
    const publication = publicationOn(log)
    for (const stranger of ['text', [1, 2, 3], 5, new ArrayBuffer(8), new DataView(new ArrayBuffer(8))]) {
      expect(() => publication.offer(stranger as never)).toThrow(TypeError)
      expect(() => publication.offer(stranger as never, 0, 1)).toThrow(TypeError)
      expect(() => publication.offerVectors([{ buffer: stranger as never }])).toThrow(TypeError)
    }
    expect(publication.position).toBe(0)
  })

  test('the end of a term is padded and the next one begins, also where term ids wrap', () => {
    const log = open({ initialTermId: 2 ** 31 - 1, termOffset: 65_536 - 64 })
    const publication = publicationOn(log)
    expect(publication.offer(new Uint8Array(33))).toBe(ADMIN_ACTION)
    expect(headerAt(log.file.terms[0]!, 65_472)).toMatchObject({
      frameLength: 64,
      type: 0,
      termOffset: 65_472,
    })
    expect(publication.position).toBe(65_536)
    expect(publication.offer(new Uint8Array(33))).toBe(65_536 + 96)
    expect(headerAt(log.file.terms[1]!, 0)).toMatchObject({
      frameLength: 65,
      termId: -(2 ** 31),
      termOffset: 0,
    })
    expect(log.file.metadata.getInt32(24)).toBe(1)
    expect(log.file.metadata.getInt64(8)).toBe((-(2n ** 31n) << 32n) | 96n)
  })

  test('a message that ends where the term ends needs no padding', () => {
    const log = open({ termOffset: 65_536 - 64 })
    const publication = publicationOn(log)
    expect(publication.offer(new Uint8Array(32))).toBe(65_536)
    expect(publication.offer(new Uint8Array(1))).toBe(ADMIN_ACTION)
    expect(publication.offer(new Uint8Array(1))).toBe(65_536 + 64)
  })

  test('the last position of a stream is its end', () => {
    const log = open({ termCount: 2 ** 31 - 1, termOffset: 65_536 - 96 })
    const publication = publicationOn(log)
    const end = 65_536 * 2 ** 31
    expect(publication.maxPossiblePosition).toBe(end)
    expect(publication.offer(new Uint8Array(1))).toBe(end - 32)
    expect(publication.offer(new Uint8Array(1))).toBe(MAX_POSITION_EXCEEDED)
    log.limit = 0
    expect(publication.offer(new Uint8Array(1))).toBe(MAX_POSITION_EXCEEDED)
  })

  test('tryClaim() holds readers up until the claim is settled', () => {
    const log = open()
    const publication = publicationOn(log)
    const image = log.image()
    const lengths: number[] = []
    const poll = (): number => image.poll((_buffer, _offset, length) => lengths.push(length), 10)
    const first = new BufferClaim()
    const second = new BufferClaim()
    expect(publication.tryClaim(0, first)).toBe(32)
    expect(publication.tryClaim(publication.maxPayloadLength, second)).toBe(32 + 1408)
    expect(() => second.putBytes(new Uint8Array(2000), 0, 2000)).toThrow(RangeError)
    second.commit()
    expect(poll()).toBe(0)
    first.abort()
    first.commit()
    expect(poll()).toBe(1)
    expect(lengths).toEqual([publication.maxPayloadLength])
    expect(image.position).toBe(1440)
  })

  test('a claim outlives its publication and the mapping of it', () => {
    const log = open()
    const publication = publicationOn(log)
    const claim = new BufferClaim()
    publication.tryClaim(4, claim)
    publication.close()
    publication.logBuffers.close()
    claim.buffer.putInt32(claim.offset, 1234)
    claim.commit()
    expect(log.file.terms[0]!.getInt32(0)).toBe(36)
    expect(log.file.terms[0]!.getInt32(32)).toBe(1234)
    claim.buffer.putInt32(claim.offset, 1)
    expect(log.file.terms[0]!.getInt32(32)).toBe(1234)
  })

  test('messages of any parts and lengths arrive as they are, term after term', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 900 }), { maxLength: 4 }), { maxLength: 200 }),
        (messages) => {
          using log = new LocalLog({ mtuLength: 256, initialTermId: -1 })
          const publication = publicationOn(log)
          const image = log.image()
          const received: Buffer[] = []
          const assembler = new FragmentAssembler((buffer, offset, length, header) => {
            received.push(Buffer.from(buffer.bytes.slice(offset, offset + length)))
            expect(header.position).toBe(publication.position)
          })
          for (const [seed, lengths] of messages.entries()) {
            const vectors: OfferVector[] = lengths.map((length, i) => {
              const bytes = new Uint8Array(length + 3).fill(seed + i)
              return { buffer: i % 2 === 0 ? bytes : AtomicBuffer.wrap(bytes), offset: 3 }
            })
            if (publication.offerVectors(vectors) === ADMIN_ACTION) publication.offerVectors(vectors)
            while (received.length === 0) image.poll(assembler.onFragment, 3)
            const expected = lengths.map((length, i) => Buffer.alloc(length, seed + i))
            expect(received.splice(0)).toEqual([Buffer.concat(expected)])
            for (const term of log.file.terms) if (log.position % 65_536 > 32_768) cleanBehind(log, term)
          }
        },
      ),
      { numRuns: 20 },
    )
  })
})

/** Zeroes the terms that are not being read, as the driver does behind the slowest reader. */
function cleanBehind(log: LocalLog, term: AtomicBuffer): void {
  const active = Math.floor(log.position / 65_536) % 3
  if (log.file.terms.indexOf(term) !== active) term.setMemory(0, term.capacity, 0)
}

test('two concurrent publications of one log take turns without loss', () => {
  const log = open({ mtuLength: 128 })
  const publications = [log.concurrent(), log.concurrent()]
  const image = log.image()
  const received: number[] = []
  const assembler = new FragmentAssembler((buffer, offset) => received.push(buffer.getInt32(offset)))
  const body = AtomicBuffer.allocate(500)
  for (let i = 0; i < 3_000; i++) {
    body.putInt32(0, i)
    const publication = publications[i % 2]!
    while (publication.offer(body, 0, 4 + (i % 300)) < 0) {}
    while (image.poll(assembler.onFragment, 10) > 0) {}
    image.poll(assembler.onFragment, 10)
    for (const term of log.file.terms) cleanBehind(log, term)
  }
  expect(received).toEqual(Array.from({ length: 3_000 }, (_, i) => i))
})

test('a concurrent publication that meets a rotation in progress asks to try again', () => {
  const log = open({ termOffset: 65_536 })
  log.file.metadata.putInt32(24, 1)
  const publication = log.concurrent()
  expect(publication.offer(new Uint8Array(1))).toBe(ADMIN_ACTION)
})

test('appendPadding() takes the place of a message that readers skip', () => {
  const log = open()
  const publication = log.exclusive()
  const image = log.image()
  expect(publication.appendPadding(100)).toBe(160)
  expect(image.poll(() => {}, 10)).toBe(0)
  expect(image.position).toBe(160)
  expect(() => publication.appendPadding(-1)).toThrow(RangeError)
  expect(() => publication.appendPadding(10_000)).toThrow(RangeError)
})

test('offerBlock() publishes frames of the same place, and no others', () => {
  const source = open()
  const target = open()
  const from = source.exclusive()
  const to = target.exclusive()
  for (const text of ['one', 'two', 'three']) from.offer(Buffer.from(text))
  const block = source.file.terms[0]!.bytes.slice(0, 192)
  expect(to.offerBlock(block)).toBe(192)
  expect(() => to.offerBlock(block)).toThrow(/term offset/)
  expect(() => to.offerBlock(block, 0, 100)).toThrow(/length/)
  const texts: string[] = []
  target
    .image()
    .poll((buffer, offset, length) => texts.push(buffer.getStringWithoutLengthAscii(offset, length)), 10)
  expect(texts).toEqual(['one', 'two', 'three'])
})

test('offerBlock() at the last position of a stream gives that', () => {
  const log = open({ termCount: 0x7fff_ffff, termOffset: 65_536 - 64 })
  const publication = log.exclusive()
  expect(publication.offer(new Uint8Array(100))).toBe(MAX_POSITION_EXCEEDED)
  const { position } = publication
  expect(publication.offerBlock(new Uint8Array(64))).toBe(MAX_POSITION_EXCEEDED)
  expect(publication.position).toBe(position)
})

test('publicationResultName() and isRetryable() know every result', () => {
  expect([32, -1, -2, -3, -4, -5, -6].map(publicationResultName)).toEqual([
    'POSITION',
    'NOT_CONNECTED',
    'BACK_PRESSURED',
    'ADMIN_ACTION',
    'CLOSED',
    'MAX_POSITION_EXCEEDED',
    'UNKNOWN(-6)',
  ])
  expect([-1, -2, -3, -4, -5].map(isRetryable)).toEqual([false, true, true, false, false])
})
