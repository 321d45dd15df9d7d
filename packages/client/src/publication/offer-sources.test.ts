import { afterEach, describe, expect, test } from 'vitest'
import { AtomicBuffer } from '@x/atomic'
import { LocalLog } from '../../test/support/local-log.ts'
import type { LogOptions } from '../../test/support/log-file.ts'
import { FragmentAssembler } from '../assembler/fragment-assembler.ts'
import type { Publication } from './publication.ts'

let log: LocalLog
afterEach(() => log.close())

describe.each(['concurrent', 'exclusive'] as const)('what a %s publication takes a message from', (kind) => {
  function open(options?: LogOptions): Publication {
    log = new LocalLog(options)
    return kind === 'concurrent' ? log.concurrent() : log.exclusive()
  }

  test.each([10, 100, 300, 1_000])(
    'refuses a message of %i bytes whose memory is gone, and claims no frame for it',
    (length) => {
      const publication = open({ mtuLength: 512 })
      const gone = AtomicBuffer.allocate(2_000)
      const copied = AtomicBuffer.allocate(100)
      structuredClone(gone.memory, { transfer: [gone.memory as ArrayBuffer] })
      expect(() => publication.offer(gone, 0, length)).toThrow(/within the buffer of 0 bytes/)
      expect(() => publication.offerParts(copied, 0, 100, gone, 0, length)).toThrow(/of 0 bytes/)
      expect(publication.offer(Buffer.from('next'))).toBeGreaterThan(0)
      const texts: string[] = []
      log.image().poll(
        new FragmentAssembler((buffer, offset, size) => {
          texts.push(buffer.getStringWithoutLengthAscii(offset, size))
        }).onFragment,
        10,
      )
      expect(texts).toEqual(['next'])
      expect(log.position).toBe(publication.position)
    },
  )

  test.each([
    new BigInt64Array(8),
    new Uint16Array(8),
    new DataView(new ArrayBuffer(8)),
    'a string',
    { capacity: 8 },
  ])('refuses %o, which is no bytes, and claims no frame for it', (source) => {
    const publication = open()
    const bytes = source as unknown as Uint8Array
    const words = /the message must be a Uint8Array, such as a Buffer, or an AtomicBuffer/
    expect(() => publication.offer(bytes, 0, 8)).toThrow(words)
    expect(() => publication.offer(bytes)).toThrow(words)
    expect(() => publication.offerParts(new Uint8Array(1), 0, 1, bytes, 0, 8)).toThrow(TypeError)
    expect(publication.position).toBe(0)
  })

  test('offer() takes an Int8Array for the bytes it is', () => {
    const publication = open()
    const source = Int8Array.of(0, -1, 2, -3, 4, -5, 6, -7, -8, 9, 10)
    for (const length of [3, 8, 11]) {
      const position = publication.offer(source as unknown as Uint8Array, 0, length)
      const frame = position - 64
      expect(log.file.terms[0]!.bytes.slice(frame + 32, frame + 32 + length)).toEqual(
        new Uint8Array(source.buffer, 0, length),
      )
    }
  })
})
