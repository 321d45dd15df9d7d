import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AllTypesDecoder } from '../test/all-types/src/gen/all-types-decoder.ts'
import * as archive from './archive.ts'
import * as archiveMark from './archive-mark.ts'
import * as cluster from './cluster.ts'
import * as clusterMark from './cluster-mark.ts'
import * as node from './node-state.ts'
import { SchemaMismatchError } from './runtime/index.ts'

interface Decoder {
  wrap(buffer: Uint8Array, offset: number, blockLength: number, version: number, length?: number): this
}
interface DecoderClass {
  readonly name: string
  readonly TEMPLATE_ID?: number
  readonly SCHEMA_VERSION: number
  readonly BLOCK_LENGTH: number
  new (): Decoder
}

const doors: readonly object[] = [archive, archiveMark, cluster, clusterMark, node, { AllTypesDecoder }]
const decoders = doors.flatMap((door) =>
  Object.values(door).filter(
    (value: unknown): value is DecoderClass =>
      typeof value === 'function' && value.name.endsWith('Decoder') && 'TEMPLATE_ID' in value,
  ),
)

/** Reads everything that a decoder, group or composite has: getters, cursors, arrays. Bounded by the bytes there are. */
function readAll(flyweight: object, budget: { left: number }): void {
  const prototype = Object.getPrototypeOf(flyweight) as object
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    if (name.startsWith('sbe') || name.startsWith('wrap') || name === 'constructor' || name === 'next')
      continue
    const value: unknown = documented(() => {
      if (property.get !== undefined) return property.get.call(flyweight) as unknown
      const method = property.value as (argument?: unknown) => unknown
      return method.call(flyweight, name.startsWith('copy') ? new Uint8Array(4096) : 0)
    })
    if (value instanceof Uint8Array || value === null || typeof value !== 'object') continue
    if ('next' in value) readEntries(value as { next(): boolean }, budget)
    else readAll(value, budget)
  }
}

function readEntries(cursor: { next(): boolean }, budget: { left: number }): void {
  while (documented(() => cursor.next()) === true) {
    expect(--budget.left).toBeGreaterThan(0)
    readAll(cursor, budget)
  }
}

/** Runs an action that may throw nothing but the errors that are documented. */
function documented(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    if (error instanceof RangeError || error instanceof SchemaMismatchError) return undefined
    throw error
  }
}

test('every decoder is found', () => {
  expect(decoders.length).toBeGreaterThan(105)
})

test.each(decoders)('$name: any bytes decode or give a documented error', (decoderClass) => {
  const decoder = new decoderClass()
  // Mostly zeros and small numbers, so that many lengths and counts are such as may fit.
  const byte = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 6 }), fc.nat(255))
  const block = decoderClass.BLOCK_LENGTH
  let wraps = 0
  fc.assert(
    fc.property(
      fc.array(byte, { minLength: 0, maxLength: block + 60, size: 'max' }),
      fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: -2, max: block + 62 })),
      fc.oneof({ weight: 4, arbitrary: fc.constant(block) }, fc.nat(0xffff), fc.nat(block + 4)),
      fc.integer({ min: 0, max: decoderClass.SCHEMA_VERSION + 2 }),
      fc.option(fc.integer({ min: -1, max: block + 62 }), { nil: undefined }),
      (bytes, offset, blockLength, version, length) => {
        const buffer = Uint8Array.from(bytes)
        const wrapped = documented(() => decoder.wrap(buffer, offset, blockLength, version, length))
        if (wrapped === undefined) return
        wraps++
        readAll(decoder, { left: 70_000 })
      },
    ),
    { numRuns: 100, seed: 1 },
  )
  expect(wraps).toBeGreaterThan(0)
})

test('a message that is cut short anywhere gives a RangeError or less, and never a byte from behind its end', () => {
  const buffer = new Uint8Array(256)
  const encoder = new cluster.StandbySnapshotEncoder().wrap(buffer, 0).correlationId(1n)
  const group = encoder.snapshotsCount(2)
  group.next().archiveEndpoint('first').next().archiveEndpoint('second')
  encoder.responseChannel('aeron:ipc').encodedCredentials(Uint8Array.of(1, 2, 3))
  const full = encoder.encodedLength
  const decoder = new cluster.StandbySnapshotDecoder()
  for (let length = 16; length < full; length++) {
    decoder.wrap(buffer, 0, 16, 17, length)
    expect(() => decoder.encodedCredentials).toThrow(RangeError)
  }
  expect(() => decoder.wrap(buffer, 0, 16, 17, 15)).toThrow(RangeError)
  expect(decoder.wrap(buffer, 0, 16, 17, full).encodedCredentials).toHaveLength(3)
})
