import { afterEach, describe, expect, test, vi } from 'vitest'
import { LocalLog } from '../../test/support/local-log.ts'
import { ACTIVE_TERM_COUNT_OFFSET, rawTailOffset } from '../logbuffer/log-buffer-descriptor.ts'
import { packTail } from '../logbuffer/log-buffer-position.ts'
import { ADMIN_ACTION, MAX_POSITION_EXCEEDED } from './publication-result.ts'

const TERM_LENGTH = 65_536
const MESSAGE = new Uint8Array(32)
const FRAME_LENGTH = 64

let log: LocalLog

afterEach(() => {
  vi.restoreAllMocks()
  log.close()
})

/**
 * What an offer gives whose publisher stands still between its checks and its add: it has seen term 2, and by the time of the add that
 * partition holds term 5, filled up to `termOffset`.
 */
function offerOvertaken(termOffset: number): number {
  log = new LocalLog({ initialTermId: 100, termCount: 2 })
  const publication = log.concurrent()
  const int32Atomics: { add(this: void, words: Int32Array, index: number, delta: number): number } = Atomics
  const { add } = int32Atomics
  vi.spyOn(int32Atomics, 'add').mockImplementationOnce((words, index, delta) => {
    log.file.metadata.putInt64(rawTailOffset(0), packTail(103, TERM_LENGTH + FRAME_LENGTH))
    log.file.metadata.putInt64(rawTailOffset(1), packTail(104, TERM_LENGTH + FRAME_LENGTH))
    log.file.metadata.putInt64(rawTailOffset(2), packTail(105, termOffset))
    log.file.metadata.putInt32(ACTIVE_TERM_COUNT_OFFSET, 5)
    return add(words, index, delta)
  })
  return publication.offer(MESSAGE)
}

function frameAt(termOffset: number): object {
  const term = log.file.terms[2]!
  return {
    frameLength: term.getInt32(termOffset),
    type: term.getUint16(termOffset + 6),
    termOffset: term.getInt32(termOffset + 8),
    termId: term.getInt32(termOffset + 20),
  }
}

describe('a concurrent publication that is overtaken between its checks and its add', () => {
  test('publishes in the term that the add met', () => {
    expect(offerOvertaken(128)).toBe(5 * TERM_LENGTH + 192)
    expect(frameAt(128)).toEqual({ frameLength: 64, type: 1, termOffset: 128, termId: 105 })
  })

  test('pads the end of the term that the add met', () => {
    const end = TERM_LENGTH - 32
    expect(offerOvertaken(end)).toBe(ADMIN_ACTION)
    expect(frameAt(end)).toEqual({ frameLength: 32, type: 0, termOffset: end, termId: 105 })
  })

  test.each([TERM_LENGTH, TERM_LENGTH + 64])('writes nothing past the end, at %i', (termOffset) => {
    expect(offerOvertaken(termOffset)).toBe(ADMIN_ACTION)
    expect(log.file.terms[2]!.bytes.every((byte) => byte === 0)).toBe(true)
  })

  test.each([TERM_LENGTH - 32, TERM_LENGTH, TERM_LENGTH + 64])(
    'leaves the rotation from offset %i to those who know the term',
    (termOffset) => {
      offerOvertaken(termOffset)
      const { metadata } = log.file
      expect(metadata.getInt64(rawTailOffset(0))).toBe(packTail(103, TERM_LENGTH + FRAME_LENGTH))
      expect(metadata.getInt64(rawTailOffset(2))).toBe(packTail(105, termOffset + FRAME_LENGTH))
      expect(metadata.getInt32(ACTIVE_TERM_COUNT_OFFSET)).toBe(5)
      const publication = log.concurrent()
      expect(publication.offer(MESSAGE)).toBe(ADMIN_ACTION)
      expect(metadata.getInt64(rawTailOffset(0))).toBe(packTail(106, 0))
      expect(publication.offer(MESSAGE)).toBe(6 * TERM_LENGTH + FRAME_LENGTH)
    },
  )
})

test('a concurrent publication adds nothing to the last term of a stream once it is full', () => {
  log = new LocalLog({ termCount: 2 ** 31 - 1, termOffset: TERM_LENGTH - 32 })
  const publication = log.concurrent()
  for (let i = 0; i < 10; i++) expect(publication.offer(MESSAGE)).toBe(MAX_POSITION_EXCEEDED)
  expect(log.file.metadata.getUint32(rawTailOffset((2 ** 31 - 1) % 3))).toBe(TERM_LENGTH - 32 + FRAME_LENGTH)
})
