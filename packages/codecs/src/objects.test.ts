import { AtomicBuffer } from '@x/atomic'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as checked from '../test/all-types-checked/src/door.ts'
import * as unchecked from '../test/all-types-unchecked/src/door.ts'
import type { SbeBuffer } from './runtime/index.ts'

const LENGTH = 16_384
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const uint32 = fc.nat(0xffffffff)
const int32 = fc.integer()
const pair = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { minLength: 2, maxLength: 2 })
const ascii = fc.string({ unit: fc.integer({ min: 1, max: 127 }).map((code) => String.fromCharCode(code)) })
const latin1 = fc.string({
  unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 8,
})
const decimal = fc.record({
  mantissa: int64,
  exponent: fc.integer({ min: -128, max: 127 }),
  side: fc.constantFrom('B', 'S', 'C', undefined),
})
const quote = fc.record({ bid: decimal, ask: decimal })
const text = fc.string({ unit: 'grapheme' })

const more: fc.Arbitrary<checked.MoreObject> = fc.record({
  latin: latin1,
  chars: ascii.map((value) => value.slice(0, 4)),
  int8s: pair(fc.integer({ min: -128, max: 127 })),
  uint8s: fc.array(fc.nat(255), { minLength: 5, maxLength: 5 }),
  uint16s: pair(fc.nat(65535)),
  int32s: pair(int32),
  uint32s: pair(uint32),
  int64s: pair(int64),
  uint64s: pair(uint64),
  floats: pair(fc.float()),
  doubles: pair(fc.double()),
  rate: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
  huge: fc.constantFrom(checked.Huge.LEAST, checked.Huge.MOST, undefined),
  vast: fc.constantFrom(checked.Vast.ONE, checked.Vast.MOST, undefined),
  signed: fc.constantFrom(checked.Signed.MINUS, checked.Signed.class, undefined),
  toString: fc.nat(255),
  vector: fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 3, maxLength: 3 }),
  quote,
  wideFlags: uint64,
  noteLength: fc.option(
    int64.filter((value) => value !== -(2n ** 63n)),
    { nil: undefined },
  ),
  rows: fc.array(
    fc.record({
      next: int32,
      cells: fc.array(fc.record({ value: quote }), { maxLength: 3 }),
      label: text,
    }),
    { minLength: 1, maxLength: 3 },
  ),
  last: fc.array(fc.record({ name: ascii }), { maxLength: 3 }),
  note: ascii,
  wide: text,
})

const variants: [string, typeof checked | typeof unchecked][] = [
  ['little endian, with order checks', checked],
  ['big endian, without bounds checks', unchecked],
]

test.each(variants)('an object goes into a message and back: %s', (_, { MoreEncoder, MoreDecoder }) => {
  const buffers: SbeBuffer[] = [
    new Uint8Array(LENGTH),
    new DataView(new ArrayBuffer(LENGTH)),
    AtomicBuffer.allocate(LENGTH),
  ]
  const [encoder, decoder] = [new MoreEncoder(), new MoreDecoder()]
  fc.assert(
    fc.property(more, fc.nat(9), fc.nat(2), (object, offset, index) => {
      const buffer = buffers[index] ?? new Uint8Array(LENGTH)
      encoder.wrap(buffer, offset).fromObject(object)
      encoder.checkEncodingIsComplete()
      decoder.wrap(buffer, offset, MoreEncoder.BLOCK_LENGTH, 3, encoder.encodedLength)
      expect(decoder.toObject()).toEqual(object)
      expect(decoder.toObject()).toEqual(object)
      expect(decoder.sbeSkip()).toBe(offset + encoder.encodedLength)
      expect(() => JSON.stringify(decoder)).not.toThrow()
    }),
    { numRuns: 300, seed: 1 },
  )
})

test.each<[string, Readonly<Record<string, unknown>>]>([
  ['More.latin: it is undefined, and should be of type string', { latin: undefined }],
  ['More.latin: it is 5, and should be of type string', { latin: 5 }],
  ['More.int8s: it is undefined, and should be an array', { int8s: undefined }],
  ['More.int8s: it is "ab", and should be an array', { int8s: 'ab' }],
  ['More.int8s[1]: it is undefined, and should be of type number', { int8s: [1, undefined] }],
  ['More.int64s[0]: it is 1, and should be of type bigint', { int64s: [1, 2] }],
  [
    'More.signed: it is "MINUS", and should be undefined or the value of a member: MINUS (-1',
    { signed: 'MINUS' },
  ],
  ['More.signed: it is 99, and should be', { signed: 99 }],
  ['More.huge: it is 5, and should be', { huge: 5 }],
  ['More.toString: it is undefined, and should be of type number', { toString: undefined }],
  ['More.quote: it is "1.5", and should be of type object', { quote: '1.5' }],
  [
    'Quote.ask: it is undefined, and should be of type object',
    { quote: { bid: { mantissa: 1n, exponent: 0 } } },
  ],
  [
    'Decimal.mantissa: it is 1, and should be of type bigint',
    { quote: { bid: { mantissa: 1, exponent: 0 } } },
  ],
  ['More.wideFlags: it is an array, and should be of type bigint', { wideFlags: ['low'] }],
  ['More.noteLength: it is 5, and should be of type bigint', { noteLength: 5 }],
  ['More.rows: it is an object, and should be an array', { rows: {} }],
  ['MoreRows: it is null, and should be of type object', { rows: [null] }],
  ['MoreRows.cells: it is undefined, and should be an array', { rows: [{ next: 1, label: '' }] }],
  ['More.note: it is undefined, and should be of type string', { note: undefined }],
])('fromObject tells a member that is not right: %s', (message, change) => {
  if (SAMPLE === undefined) throw new Error('no sample')
  const object = { ...SAMPLE, ...change } as checked.MoreObject
  const write = (): unknown => encoded(object)
  expect(write).toThrow(TypeError)
  expect(write).toThrow(`Cannot encode ${message}`)
})

test('fromObject takes null for undefined, and bytes for arrays, as plain JavaScript has them', () => {
  if (SAMPLE === undefined) throw new Error('no sample')
  const none = { rate: null, huge: null, vast: null, signed: null, vector: null, noteLength: null }
  const given = { ...SAMPLE, ...none, uint8s: new Uint8Array(5) } as unknown as checked.MoreObject
  const object = encoded(given).toObject()
  expect(object.uint8s).toEqual([0, 0, 0, 0, 0])
  expect([object.rate, object.huge, object.vast, object.signed, object.noteLength]).toEqual(
    Array(5).fill(undefined),
  )
})

test('the two byte orders differ, and each reads its own', () => {
  const [little, big] = [new Uint8Array(64), new Uint8Array(64)]
  new checked.MessageHeaderEncoder().wrap(little, 0).blockLength(1).templateId(2).schemaId(3).version(4)
  new unchecked.MessageHeaderEncoder().wrap(big, 0).blockLength(1).templateId(2).schemaId(3).version(4)
  expect([...little.subarray(0, 8)]).toEqual([1, 0, 2, 0, 3, 0, 4, 0])
  expect([...big.subarray(0, 8)]).toEqual([0, 1, 0, 2, 0, 3, 0, 4])
})

const [SAMPLE] = fc.sample(more, { numRuns: 1, seed: 42 })

function encoded(object: checked.MoreObject, version = 3): checked.MoreDecoder {
  const buffer = new Uint8Array(LENGTH)
  const encoder = new checked.MoreEncoder().wrap(buffer, 0).fromObject(object)
  return new checked.MoreDecoder().wrap(
    buffer,
    0,
    checked.MoreEncoder.BLOCK_LENGTH,
    version,
    encoder.encodedLength,
  )
}

test('what an older version does not have is undefined or empty in an object, and null in JSON', () => {
  const buffer = new Uint8Array(LENGTH)
  const block = checked.MoreEncoder.BLOCK_LENGTH
  new DataView(buffer.buffer).setUint32(block, 4, true)
  const decoder = new checked.MoreDecoder().wrap(buffer, 0, block, 1, block + 10)
  const object = decoder.toObject()
  expect(object).toMatchObject({ rows: [], last: [], note: '', wide: '', wideFlags: 0n })
  expect([object.vector, object.quote, object.noteLength]).toEqual([undefined, undefined, undefined])
  expect(decoder.toJSON()).toMatchObject({
    vector: null,
    quote: null,
    noteLength: null,
    version: '18446744073709551615',
  })
  const again = new checked.MoreEncoder().wrap(new Uint8Array(LENGTH).fill(7), 0)
  const written = again.fromObject({ ...object, rows: [{ next: 1, cells: [], label: '' }] })
  expect(written.encodedLength).toBeGreaterThan(block)
})

test('toJSON and toString tell all: names of enums and sets, bigints as text, bytes in hexadecimal', () => {
  if (SAMPLE === undefined) throw new Error('no sample')
  const side = checked.Side.BUY
  const bid = { mantissa: 2n ** 60n, exponent: -1, side }
  const object = {
    ...SAMPLE,
    latin: 'é',
    huge: checked.Huge.MOST,
    signed: undefined,
    wideFlags: 1n,
    quote: { bid, ask: { ...bid, side: undefined } },
    rows: [{ next: 1, cells: [{ value: { bid, ask: bid } }], label: 'a' }],
    rate: undefined,
  }
  const decoder = encoded(object)
  expect(JSON.parse(JSON.stringify(decoder))).toMatchObject({
    latin: 'é',
    huge: 'MOST',
    vastOne: 'ONE',
    signed: null,
    rate: null,
    wideFlags: ['low'],
    quote: {
      bid: { mantissa: '1152921504606846976', exponent: -1, side: 'BUY' },
      ask: { side: null },
    },
    rows: [{ next: 1, cells: [{ value: { bid: { side: 'BUY' } } }], label: 'a' }],
  })
  expect(String(decoder)).toMatch(/^More\(latin="é", chars=/)
  expect(String(decoder)).toContain('rows=[(next=1, cells=[(value=(bid=(mantissa="1152921504606846976"')
})

test('printing moves no cursor', () => {
  if (SAMPLE === undefined) throw new Error('no sample')
  const row = { next: 1, cells: [], label: 'a' }
  const decoder = encoded({ ...SAMPLE, rows: [row, { ...row, next: 2, label: 'b' }] })
  const rows = decoder.rows()
  expect(rows.next()).toBe(true)
  expect(JSON.stringify([decoder, rows])).toContain('"label":"b"')
  expect(rows.toJSON()).toEqual({ next: 1, cells: [], label: 'a' })
  expect([rows.index, rows.next_]).toEqual([1, 1])
})

test('arrays: single elements, views, copies, and puts of fewer elements', () => {
  const buffer = new Uint8Array(LENGTH)
  const encoder = new checked.MoreEncoder().wrap(buffer, 0)
  encoder.latin('abc').latinAt(1, 0xe9).putUint8s([1, 2, 3]).putInt64s([1n, -1n]).putChars([65, 66, 67, 68])
  const decoder = new checked.MoreDecoder().wrap(buffer, 0, checked.MoreEncoder.BLOCK_LENGTH, 3)
  expect([decoder.latin, decoder.latinAt(0), decoder.chars]).toEqual(['aéc', 97, 'ABCD'])
  expect([...decoder.uint8sBytes]).toEqual([1, 2, 3, 0, 0])
  const [numbers, wide] = [[9, 9, 9, 9, 9, 9], new BigInt64Array(2)]
  expect([decoder.copyUint8s(numbers, 1), decoder.copyInt64s(wide)]).toEqual([5, 2])
  expect([numbers, [...wide]]).toEqual([
    [9, 1, 2, 3, 0, 0],
    [1n, -1n],
  ])
  expect(() => decoder.copyUint8s(numbers, 2)).toThrow('5 elements at 2 go beyond the end of the target at 6')
  expect(() => encoder.putUint8s([1, 2, 3, 4, 5, 6])).toThrow(
    'it is given 6 elements, and should have at most 5',
  )
  expect(() => encoder.putUint8s([1], 1, 1)).toThrow('1 elements at 1 are not within the source of 1')
  expect(() => encoder.putInt8s([200])).toThrow('it is 200')
})

test('types without members, and properties that every object inherits', () => {
  const buffer = new Uint8Array(LENGTH).fill(0xff)
  const encoder = new checked.OddEncoder()
  const decoder = new checked.OddDecoder()
  const read = (): object => decoder.wrap(buffer, 0, checked.OddEncoder.BLOCK_LENGTH, 3).toObject()
  const own = { ['__proto__']: 2, constructor: 1, valueOf: checked.Vast.ONE, hasOwnProperty: 'a' } as const
  const vector = [1, 2, 3]
  const steady = { x: 3 }
  encoder
    .wrap(buffer, 0)
    .fromObject({ hollow: {}, letter: 65, steady, isPrototypeOf: vector, ...own } as checked.OddObject)
  expect(JSON.stringify(decoder.wrap(buffer, 0, checked.OddEncoder.BLOCK_LENGTH, 3))).toBe(
    '{"hollow":{},"nothing":null,"constructor":1,"valueOf":"ONE","__proto__":2,"letter":65,"steady":{"x":3,"unit":7},"isPrototypeOf":[1,2,3],"hasOwnProperty":"a"}',
  )
  expect(Object.getOwnPropertyDescriptor(read(), '__proto__')?.value).toBe(2)
  // Left out, they are absent, and not those of Object.prototype.
  const without = { hollow: {}, letter: 65, steady, hasOwnProperty: '' } as unknown as checked.OddObject
  encoder.wrap(buffer, 0).fromObject(without)
  expect(Object.values(read())).toEqual([
    {},
    undefined,
    undefined,
    undefined,
    undefined,
    65,
    steady,
    [0, 0, 0],
    '',
  ])
})
