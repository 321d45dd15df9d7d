import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LocalLog } from '../../test/support/local-log.ts'
import {
  ControlledFragmentAssembler,
  ImageControlledFragmentAssembler,
} from '../assembler/controlled-fragment-assembler.ts'
import type { ExclusivePublication } from '../publication/exclusive-publication.ts'
import type { Image } from './image.ts'
import { FragmentAssembler, ImageFragmentAssembler } from '../assembler/fragment-assembler.ts'
import {
  Action,
  type ControlledFragmentHandler,
  type FragmentHandler,
} from '../logbuffer/fragment-handler.ts'

let log: LocalLog
let publication: ExclusivePublication
let texts: string[]

beforeEach(() => {
  log = new LocalLog({ mtuLength: 96 })
  publication = log.exclusive()
  texts = []
})

afterEach(() => {
  log.close()
})

/** Messages of one frame of 64 bytes each. */
function offer(...messages: string[]): void {
  for (const message of messages) publication.offer(Buffer.from(message))
}

const take: FragmentHandler = (buffer, offset, length) => {
  texts.push(buffer.getStringWithoutLengthAscii(offset, length))
}

/** Takes what comes and does `actions` in turn. */
function controlled(...actions: Action[]): ControlledFragmentHandler {
  return (buffer, offset, length, header) => {
    take(buffer, offset, length, header)
    return actions.shift() ?? Action.CONTINUE
  }
}

test('poll() hands over as many as asked for, and moves the counter once, at its end', () => {
  offer('a', 'b', 'c')
  const image = log.image()
  const seen: number[] = []
  expect(
    image.poll((_buffer, _offset, _length, header) => {
      seen.push(log.position, header.position)
      expect(header.context).toBe(image)
    }, 2),
  ).toBe(2)
  expect(seen).toEqual([0, 64, 0, 128])
  expect([image.position, log.position]).toEqual([128, 128])
  expect(image.poll(take, 10)).toBe(1)
  expect(image.poll(take, 10)).toBe(0)
  expect(texts).toEqual(['c'])
})

test('an image joins where its counter says', () => {
  offer('a', 'b')
  log.position = 64
  const image = log.image()
  expect(image.joinPosition).toBe(64)
  image.poll(take, 10)
  expect(texts).toEqual(['b'])
})

test('boundedPoll() takes fragments that start below the limit', () => {
  offer('a', 'b', 'c')
  const image = log.image()
  expect(image.boundedPoll(take, 0, 10)).toBe(0)
  expect(image.boundedPoll(take, 65, 10)).toBe(2)
  expect(image.boundedPoll(take, 128, 10)).toBe(0)
  expect(image.boundedPoll(take, Number.MAX_SAFE_INTEGER, 10)).toBe(1)
  expect(texts).toEqual(['a', 'b', 'c'])
})

test('controlledPoll() ABORT gives the fragment again', () => {
  offer('a', 'b')
  const image = log.image()
  expect(image.controlledPoll(controlled(Action.CONTINUE, Action.ABORT), 10)).toBe(1)
  expect(log.position).toBe(64)
  expect(image.controlledPoll(controlled(), 10)).toBe(1)
  expect(texts).toEqual(['a', 'b', 'b'])
})

test('controlledPoll() BREAK takes the fragment and ends', () => {
  offer('a', 'b')
  const image = log.image()
  expect(image.controlledPoll(controlled(Action.BREAK), 10)).toBe(1)
  expect(log.position).toBe(64)
})

test('controlledPoll() COMMIT moves the counter at once', () => {
  offer('a', 'b', 'c')
  const image = log.image()
  const positions: number[] = []
  image.controlledPoll(() => {
    positions.push(log.position)
    return positions.length === 1 ? Action.COMMIT : Action.CONTINUE
  }, 10)
  expect(positions).toEqual([0, 64, 64])
  expect(log.position).toBe(192)
})

test('boundedControlledPoll() obeys both', () => {
  offer('a', 'b', 'c')
  const image = log.image()
  expect(image.boundedControlledPoll(controlled(Action.COMMIT, Action.ABORT), 128, 10)).toBe(1)
  expect(image.boundedControlledPoll(controlled(), 128, 10)).toBe(1)
  expect(image.boundedControlledPoll(controlled(), 128, 10)).toBe(0)
  expect(texts).toEqual(['a', 'b', 'b'])
})

test.each(['poll', 'controlledPoll'] as const)('%s() takes the fragment whose handler throws', (name) => {
  offer('a', 'b')
  const failing = (): never => {
    throw new Error('mine')
  }
  const thrown: unknown[] = []
  const handled = log.image((error) => thrown.push(error))
  expect(handled[name](failing, 10)).toBe(1)
  expect(thrown).toMatchObject([{ message: 'mine' }])
  expect(handled.position).toBe(64)
  const unhandled = log.image()
  expect(() => unhandled[name](failing, 10)).toThrow('mine')
  expect([unhandled.position, log.position]).toEqual([128, 128])
})

test('a poll ends with its term, and the next goes on', () => {
  const message = 'x'.repeat(32)
  for (let i = 0; i < 1024; i++) offer(message)
  offer('lost to the rotation')
  offer('next')
  const image = log.image()
  expect(image.poll(() => {}, 10_000)).toBe(1024)
  expect(image.poll(take, 10_000)).toBe(1)
  expect(texts).toEqual(['next'])
  expect(image.position).toBe(65_536 + 64)
})

test('a closed image gives nothing and leaves the counter alone, also when closed by its handler', () => {
  offer('a', 'b', 'c')
  const image = log.image()
  expect(
    image.poll((buffer, offset, length, header) => {
      take(buffer, offset, length, header)
      image.markClosed()
    }, 10),
  ).toBe(1)
  expect(log.position).toBe(0)
  for (const poll of [
    () => image.poll(take, 1),
    () => image.boundedPoll(take, 1000, 1),
    () => image.controlledPoll(controlled(), 1),
    () => image.boundedControlledPoll(controlled(), 1000, 1),
  ]) {
    expect(poll()).toBe(0)
  }
  expect(texts).toEqual(['a'])
})

test('the end of a stream is seen when all of it was read, and is kept at close', () => {
  offer('a')
  const image = log.image()
  expect(image.endOfStreamPosition).toBe(Number.MAX_SAFE_INTEGER)
  log.file.endOfStreamPosition = 64n
  expect(image.isEndOfStream).toBe(false)
  image.poll(take, 1)
  expect(image.isEndOfStream).toBe(true)
  image.markClosed()
  log.file.endOfStreamPosition = 640n
  expect([image.isEndOfStream, image.endOfStreamPosition, image.activeTransportCount]).toEqual([true, 64, 0])
})

test.each([FragmentAssembler, ImageFragmentAssembler])(
  'an assembled message has the header of the whole',
  (Assembler) => {
    offer('a')
    publication.offer(Buffer.alloc(200, 'z'), 0, 200, (_term, offset) => BigInt(offset))
    const image = log.image()
    let messages = 0
    const assembler = new Assembler((_buffer, offset, length, header) => {
      if (messages++ === 0) return
      expect({ offset, length }).toEqual({ offset: 0, length: 200 })
      expect(header).toMatchObject({
        frameLength: 232,
        flags: 0xc0,
        termOffset: 64,
        reservedValue: 64n,
        type: 1,
      })
      expect(header).toMatchObject({
        sessionId: 7,
        streamId: 10,
        position: publication.position,
        context: image,
      })
    })
    expect(image.poll(assembler.onFragment, 100)).toBe(5)
    expect(messages).toBe(2)
  },
)

test('an assembler drops a message that it has not seen from its start', () => {
  publication.offer(Buffer.alloc(200, 'z'))
  offer('b')
  log.position = 96
  log.image().poll(new FragmentAssembler(take).onFragment, 100)
  expect(texts).toEqual(['b'])
})

test('an assembler drops a message with a gap in it', () => {
  publication.offer(Buffer.alloc(200, 'z'))
  offer('b')
  const assembler = new FragmentAssembler(take)
  log.image().poll(assembler.onFragment, 1)
  log.position = 192
  log.image().poll(assembler.onFragment, 100)
  expect(texts).toEqual(['b'])
  expect(assembler.freeSessionBuffer(7)).toBe(true)
  expect(assembler.freeSessionBuffer(7)).toBe(false)
})

test.each([ControlledFragmentAssembler, ImageControlledFragmentAssembler])(
  'a controlled assembler gives an aborted message again, whole and with the same header',
  (Assembler) => {
    publication.offer(Buffer.alloc(200, 'z'), 0, 200, (_term, offset) => BigInt(offset + 1))
    const image = log.image()
    const actions = [Action.ABORT, Action.ABORT, Action.CONTINUE]
    const headers: object[] = []
    const assembler = new Assembler((buffer, offset, length, header) => {
      take(buffer, offset, length, header)
      const { frameLength, flags, termOffset, termId, position, reservedValue, sessionId } = header
      headers.push({ frameLength, flags, termOffset, termId, position, reservedValue, sessionId })
      return actions.shift()!
    })
    expect(image.controlledPoll(assembler.onFragment, 100)).toBe(3)
    expect(image.controlledPoll(assembler.onFragment, 100)).toBe(0)
    expect(image.controlledPoll(assembler.onFragment, 100)).toBe(1)
    expect(texts).toEqual(['z'.repeat(200), 'z'.repeat(200), 'z'.repeat(200)])
    const { termId, position, sessionId } = publication
    const whole = {
      frameLength: 232,
      flags: 0xc0,
      termOffset: 0,
      termId,
      position,
      reservedValue: 1n,
      sessionId,
    }
    expect(headers).toEqual([whole, whole, whole])
    expect(image.position).toBe(publication.position)
  },
)

test('a subscription begins each poll with another image', () => {
  const { subscription } = log.image()
  const order: number[] = []
  for (const id of [11n, 12n]) {
    const image = log.image()
    Object.defineProperty(image, 'correlationId', { value: id })
    subscription.addImage(image)
  }
  for (const [i, image] of subscription.images.entries()) {
    image.poll = () => {
      order.push(i)
      return 0
    }
  }
  for (let i = 0; i < 4; i++) subscription.poll(take, 10)
  expect(order).toEqual([0, 1, 2, 1, 2, 0, 2, 0, 1, 0, 1, 2])
  expect(subscription.imageBySessionId(7)).toBe(subscription.imageAtIndex(0))
  subscription.close()
  expect([subscription.hasNoImages, subscription.isConnected, subscription.poll(take, 1)]).toEqual([
    true,
    false,
    0,
  ])
})

test.each([Action.CONTINUE, Action.COMMIT])(
  'a handler that polls its own image into the next term moves it no further than that (%s)',
  (action) => {
    while (publication.offer(Buffer.from('filler')) > 0) {}
    offer('next term')
    const image = log.image()
    let isNested = false
    const nested: ControlledFragmentHandler = () => {
      if (!isNested) {
        isNested = true
        while (image.poll(take, 1_000) > 0) {}
      }
      return action
    }
    image.controlledPoll(nested, 10)
    expect(texts.at(-1)).toBe('next term')
    expect(image.position).toBe(publication.position)
    expect(log.position).toBe(publication.position)
  },
)

test.each(['poll', 'controlledPoll', 'blockPoll'] as const)(
  'a %s() whose handler polls on until the same memory is another term leaves the image where that got to',
  (method) => {
    offer('one', 'two')
    const image = log.image()
    let isNested = false
    const goRound = (): void => {
      if (isNested) return
      isNested = true
      for (let term = 0; term < 3; term++) {
        while (publication.offer(Buffer.from('filler')) > 0) {}
        while (image.poll(() => {}, 1_000) > 0) {}
        log.file.terms[term]!.setMemory(0, log.file.terms[term]!.capacity, 0)
      }
    }
    if (method === 'poll') image.poll(goRound, 2)
    else if (method === 'controlledPoll') {
      image.controlledPoll(() => {
        goRound()
        return Action.COMMIT
      }, 2)
    } else image.blockPoll(goRound, 128)
    expect([image.position, log.position]).toEqual([3 * 65_536, 3 * 65_536])
    offer('next')
    expect(image.poll(take, 10)).toBe(1)
    expect(texts).toEqual(['next'])
    expect([image.position, log.position]).toEqual([publication.position, publication.position])
  },
)

describe.each([0x7fff_ffff, 0x7fff_ffe1, 0x7fff_ffe0, 0x7fff_ffdf, 65_536, 65_472 + 1, 31, 1])(
  'a frame of a damaged log that claims a length of %i',
  (frameLength) => {
    const message = new RegExp(
      `session 7 of stream 10: a frame must be 32 to 65472 bytes long at position 64, current length is ${frameLength};`,
    )
    const polls: ReadonlyArray<[string, (image: Image) => number]> = [
      ['poll', (image) => image.poll(take, 10)],
      ['boundedPoll', (image) => image.boundedPoll(take, 1_000, 10)],
      ['controlledPoll', (image) => image.controlledPoll(controlled(), 10)],
      ['boundedControlledPoll', (image) => image.boundedControlledPoll(controlled(), 1_000, 10)],
      ['blockPoll', (image) => (image.blockPoll(() => texts.push('one'), 100_000) === 0 ? 0 : 1)],
    ]

    beforeEach(() => {
      offer('one', 'two')
      log.file.terms[0]!.putInt32(64, frameLength)
    })

    test.each(polls)('ends a %s after what came before it, and is told once', (_name, poll) => {
      const errors: unknown[] = []
      const image = log.image((error) => errors.push(error))
      const counts = Array.from({ length: 4 }, () => poll(image))
      expect(counts).toEqual([1, 0, 0, 0])
      expect(texts).toEqual(['one'])
      expect(errors).toMatchObject([{ code: 'LOG_DAMAGED', context: { position: 64, frameLength } }])
      expect((errors[0] as Error).message).toMatch(message)
      expect([image.position, log.position]).toEqual([64, 64])
    })

    test.each(polls)('is thrown once by a %s when there is no error handler', (_name, poll) => {
      const image = log.image()
      expect(() => Array.from({ length: 4 }, () => poll(image))).toThrow(message)
      expect([poll(image), image.position, log.position]).toEqual([0, 64, 64])
    })
  },
)

test('a damaged padding frame leads no poll out of its term', () => {
  offer('one')
  publication.appendPadding(100)
  log.file.terms[0]!.putInt32(64, 65_536)
  const errors: unknown[] = []
  const image = log.image((error) => errors.push(error))
  image.poll(take, 10)
  image.blockPoll(() => texts.push('block'), 100_000)
  expect(texts).toEqual(['one'])
  expect(errors).toMatchObject([{ code: 'LOG_DAMAGED' }])
  expect(image.position).toBe(64)
})
