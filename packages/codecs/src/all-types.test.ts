import { AtomicBuffer } from '@x/atomic'
import { expect, test } from 'vitest'
import { AllTypesDecoder } from '../test/all-types/src/gen/all-types-decoder.ts'
import { AllTypesEncoder } from '../test/all-types/src/gen/all-types-encoder.ts'
import { EmptyDecoder } from '../test/all-types/src/gen/empty-decoder.ts'
import { EmptyEncoder } from '../test/all-types/src/gen/empty-encoder.ts'
import { Flags, flagsHas } from '../test/all-types/src/gen/flags.ts'
import { Level } from '../test/all-types/src/gen/level.ts'
import { MessageHeaderDecoder } from '../test/all-types/src/gen/message-header-decoder.ts'
import { MessageHeaderEncoder } from '../test/all-types/src/gen/message-header-encoder.ts'
import { Side, SIDE_NULL } from '../test/all-types/src/gen/side.ts'
import { WideFlags, wideFlagsHas } from '../test/all-types/src/gen/wide-flags.ts'
import type { SbeBuffer } from './runtime/index.ts'

const LENGTH = 400

function encode(buffer: SbeBuffer, offset: number): AllTypesEncoder {
  const encoder = new AllTypesEncoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderEncoder())
  encoder.aChar(65).anInt8(-128).aUint8(255).anInt16(-2).aUint16(65535).anInt32(-3).aUint32(4294967295)
  encoder
    .anInt64(-(2n ** 63n))
    .aUint64(2n ** 64n - 1n)
    .aFloat(1.5)
    .aDouble(Math.PI)
  encoder.symbol('ABC').vector(0, -1).vector(2, 7).price(10).side(Side.SELL)
  encoder.flags(Flags.firm | Flags.hidden).wideFlags(WideFlags.high | WideFlags.low)
  encoder.quote().bid().mantissa(5n).exponent(-2).side(Side.BUY)
  encoder.quote().ask().mantissa(6n).exponent(-2).side(undefined)
  encoder
    .position(-1)
    .total(2 ** 40)
    .wrap_(9)
    .delete(Level.LOW)
  const legs = encoder.legsCount(2)
  legs.next().count_(1)
  legs.fillsCount(2).next().quantity(10).note('é').next().quantity(20).note('')
  legs.blob(Uint8Array.of(1, 2, 3))
  legs.next().count_(2)
  legs.fillsCount(0)
  legs.blob(Uint8Array.of(0, 9, 0), 1, 1)
  encoder.tagsCount(1).next().tag(77)
  return encoder.text('naïve').extra(new Uint8Array(0))
}

test.each<[string, SbeBuffer, number]>([
  ['a Uint8Array', new Uint8Array(LENGTH), 3],
  ['a DataView', new DataView(new ArrayBuffer(LENGTH + 8), 8), 0],
  ['an AtomicBuffer', AtomicBuffer.wrap(new SharedArrayBuffer(LENGTH + 16), 16, LENGTH), 5],
])('every construct goes through %s and back', (_, buffer, offset) => {
  const encoder = encode(buffer, offset)
  const decoder = new AllTypesDecoder().wrapAndApplyHeader(buffer, offset, new MessageHeaderDecoder())
  expect(decoder).toMatchObject({
    aChar: 65,
    anInt8: -128,
    aUint8: 255,
    anInt16: -2,
    aUint16: 65535,
    anInt32: -3,
    aUint32: 4294967295,
    anInt64: -(2n ** 63n),
    aUint64: 2n ** 64n - 1n,
    aFloat: 1.5,
    aDouble: Math.PI,
    symbol: 'ABC',
    exchange: 'XLON',
    price: 10,
    side: 'S',
    defaultLevel: Level.HIGH,
    flags: 0x80000001,
    wideFlags: 2n ** 63n + 1n,
    position: -1,
    total: 2 ** 40,
    wrap_: 9,
    delete: Level.LOW,
    text: 'naïve',
    textLength: 6,
    decodedLength: encoder.encodedLength,
  })
  expect([decoder.vector(0), decoder.vector(2)]).toEqual([-1, 7])
  expect(flagsHas(decoder.flags, Flags.hidden)).toBe(true)
  expect(wideFlagsHas(decoder.wideFlags, WideFlags.high)).toBe(true)
  expect(decoder.quote.bid).toMatchObject({ mantissa: 5n, exponent: -2, side: 'B' })
  expect(decoder.quote.ask).toMatchObject({ mantissa: 6n, side: undefined, sideRaw: SIDE_NULL })
  expect(readGroups(decoder)).toEqual([[1, [10, 'é'], [20, ''], [1, 2, 3]], [2, [9]], [77]])
})

function readGroups(decoder: AllTypesDecoder): unknown[] {
  const read: unknown[] = []
  const legs = decoder.legs()
  while (legs.next()) {
    const leg: unknown[] = [legs.count_]
    const fills = legs.fills()
    while (fills.next()) leg.push([fills.quantity, fills.note])
    leg.push([...legs.blob])
    read.push(leg)
  }
  const tags = decoder.tags()
  while (tags.next()) read.push([tags.tag])
  return read
}

test('what the acting version does not have is null, undefined or empty', () => {
  const buffer = new Uint8Array(LENGTH)
  encode(buffer, 0)
  const decoder = new AllTypesDecoder().wrap(buffer, 8, 120, 1)
  expect(decoder.wrap_).toBe(AllTypesDecoder.WRAP_NULL)
  expect(decoder.delete).toBeUndefined()
  expect(decoder.tags().count).toBe(0)
  expect(decoder.tags().next()).toBe(false)
  expect(decoder.extra).toHaveLength(0)
})

test('a message without fields', () => {
  const buffer = new Uint8Array(8)
  expect(new EmptyEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder()).encodedLength).toBe(0)
  expect(new EmptyDecoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderDecoder()).decodedLength).toBe(0)
  expect([...buffer]).toEqual([0, 0, 0, 2, 0, 7, 0, 3])
})

const ready = (): AllTypesEncoder => new AllTypesEncoder().wrap(new Uint8Array(LENGTH), 0)

function skipEntries(): void {
  const encoder = ready()
  encoder.legsCount(1)
  encoder.tagsCount(0)
}

test.each<[string, () => unknown]>([
  ['AllTypes.anInt8: it is 128', () => ready().anInt8(128)],
  ['AllTypes.aUint32: it is -1', () => ready().aUint32(-1)],
  ['AllTypes.anInt32: it is 1.5', () => ready().anInt32(1.5)],
  ['AllTypes.anInt64: it is 9223372036854775808', () => ready().anInt64(2n ** 63n)],
  ['AllTypes.position: it is 9007199254740992', () => ready().position(2 ** 53)],
  ['AllTypes.total: it is -1', () => ready().total(-1)],
  ['AllTypes.symbol: the text has 7 bytes', () => ready().symbol('ABCDEFG')],
  ['AllTypes.vector[3]', () => ready().vector(3, 0)],
  ['AllTypes.text: it is number 3', () => ready().text('x')],
  ['the count of AllTypesLegs: it is 101', () => ready().legsCount(101)],
  ['what follows AllTypesLegs: 0 of its 1 entries', skipEntries],
  ['beyond this entry of AllTypesLegs: 0 of its 2', () => ready().legsCount(2).next().next()],
  ['another entry of AllTypesLegs: all 0', () => ready().legsCount(0).next()],
])('a wrong value throws a RangeError: %s', (message, action) => {
  expect(action).toThrow(RangeError)
  expect(action).toThrow(message)
})

test('the null of a position is told from an unsafe integer', () => {
  const view = new DataView(new ArrayBuffer(LENGTH))
  const encoder = new AllTypesEncoder().wrap(view, 0).position(AllTypesEncoder.POSITION_NULL)
  const decoder = new AllTypesDecoder().wrap(view, 0, 120, 3)
  expect(decoder.position).toBe(AllTypesDecoder.POSITION_NULL)
  encoder.position(Number.MIN_SAFE_INTEGER)
  expect(decoder.position).toBe(Number.MIN_SAFE_INTEGER)
  const at = [...Array(112).keys()].find((i) => view.getBigInt64(i) === BigInt(Number.MIN_SAFE_INTEGER))
  view.setBigInt64(at ?? -1, 2n ** 53n)
  expect(() => decoder.position).toThrow('Cannot decode AllTypes.position: it is 9007199254740992')
})
