import { expect, test } from 'vitest'
import { AllTypesDecoder } from '../test/all-types-checked/src/gen/all-types-decoder.ts'
import { AllTypesEncoder } from '../test/all-types-checked/src/gen/all-types-encoder.ts'
import { EmptyEncoder } from '../test/all-types-checked/src/gen/empty-encoder.ts'

// The rules of the reference tool's field-order checks, with the answers that its own tests give.

const buffer = new Uint8Array(1_024)
const BLOCK = AllTypesEncoder.BLOCK_LENGTH

const encoder = (): AllTypesEncoder => new AllTypesEncoder().wrap(buffer, 0)

function legs(to: AllTypesEncoder): void {
  const group = to.legsCount(2)
  group.next().count_(1)
  group.fillsCount(1).next().quantity(5).note('one')
  group.blob(Uint8Array.of(1))
  group.next().count_(2)
  group.fillsCount(0)
  group.blob(new Uint8Array(0))
}

function whole(): AllTypesEncoder {
  const all = encoder().aChar(1)
  legs(all)
  all.tagsCount(1).next().tag(9)
  return all.text('text').extra(Uint8Array.of(7))
}

function decoder(version = 3): AllTypesDecoder {
  whole()
  return new AllTypesDecoder().wrap(buffer, 0, BLOCK, version)
}

function readLegs(of: AllTypesDecoder): void {
  const group = of.legs()
  while (group.next()) {
    const fills = group.fills()
    while (fills.next()) expect(fills.note).toBe('one')
    group.skipBlob()
  }
}

function readTags(of: AllTypesDecoder): void {
  const tags = of.tags()
  while (tags.next()) expect(tags.tag).toBe(9)
}

test('in the order of the schema all is written and read, and fields of the block at any time', () => {
  const all = whole().aChar(3)
  all.checkEncodingIsComplete()
  const read = new AllTypesDecoder().wrap(buffer, 0, BLOCK, 3)
  expect(read.aChar).toBe(3)
  readLegs(read)
  readTags(read)
  expect([read.textLength, read.textLength, read.text, read.extra[0], read.aChar]).toEqual([
    4,
    4,
    'text',
    7,
    3,
  ])
})

test('after a rewind all is read again, and after a skip nothing', () => {
  const read = decoder()
  expect(read.sbeSkip()).toBe(read.offset + read.decodedLength)
  expect(() => read.text).toThrow('Cannot read AllTypes.text')
  read.sbeRewind()
  readLegs(read)
  expect(read.tags().sbeSkip()).toBeGreaterThan(BLOCK)
  expect(read.skipText()).toBe(4)
  expect(read.extra).toHaveLength(1)
})

test('a group may be started again before its first entry', () => {
  const read = decoder()
  expect([read.legs().count, read.legs().count]).toEqual([2, 2])
  readLegs(read)
  expect(() => read.legs()).toThrow(RangeError)
})

test('parts that the acting version does not have are passed over', () => {
  const read = decoder(2)
  readLegs(read)
  expect(read.skipText()).toBeGreaterThanOrEqual(0)
  expect([read.tags().count, read.extraLength]).toEqual([0, 0])
})

test('a count that was not known is set to the entries written', () => {
  const all = encoder()
  const group = all.legsCount(9)
  group.next().fillsCount(3).next().note('').next().note('').resetCountToIndex()
  group.blob(new Uint8Array(0)).resetCountToIndex()
  all.tagsCount(0)
  all.text('').extra(new Uint8Array(0)).checkEncodingIsComplete()
  const read = new AllTypesDecoder().wrap(buffer, 0, BLOCK, 3)
  const entries = read.legs()
  expect([entries.count, entries.next(), entries.fills().count]).toEqual([1, true, 2])
})

function halfEntry(): void {
  const group = encoder().legsCount(2)
  group.next().fillsCount(0)
  group.next()
}

function halfGroup(): void {
  const all = encoder()
  all.legsCount(1)
  all.tagsCount(0)
}

function readHalfEntry(): void {
  const group = decoder().legs()
  group.next()
  group.next()
}

function readHalfGroup(): void {
  const read = decoder()
  read.legs().next()
  read.tags()
}

test.each<[string, () => unknown]>([
  [
    'Cannot access AllTypes.aChar: its encoder or decoder is not on a message',
    () => new AllTypesEncoder().aChar(1),
  ],
  ['Cannot access AllTypes.aChar', () => new AllTypesDecoder().aChar],
  ['Cannot access AllTypes.quote', () => new AllTypesEncoder().quote()],
  ['Cannot access AllTypesLegs.count', () => encoder().legsCount(1).count_(1)],
  ['Cannot access AllTypesLegs.count', () => decoder().legs().count_],
  ['Cannot encode AllTypes.text: it is number 3', () => encoder().text('')],
  ['Cannot encode AllTypes.text', () => whole().text('')],
  ['Cannot encode beyond this entry of AllTypesLegs: 1 of its 2', halfEntry],
  ['Cannot encode what follows AllTypesLegs: 0 of its 1', halfGroup],
  ['Cannot complete AllTypes: 0 of its 4', () => encoder().checkEncodingIsComplete()],
  ['Cannot complete AllTypes: it is not started', () => new AllTypesEncoder().checkEncodingIsComplete()],
  [
    'Cannot read AllTypes.text: it is number 3 of the groups and variable-length data, and the next is number 1',
    () => decoder().text,
  ],
  ['Cannot read AllTypes.text', () => decoder().textLength],
  ['Cannot read AllTypes.tags', () => decoder().tags()],
  ['Cannot read beyond this entry of AllTypesLegs: 0 of its 2', readHalfEntry],
  ['Cannot read what follows AllTypesLegs: 1 of its 2', readHalfGroup],
])('%s', (message, action) => {
  expect(action).toThrow(RangeError)
  expect(action).toThrow(message)
})

test('a message without fields has nothing to check', () => {
  expect(new EmptyEncoder().wrap(buffer, 0).encodedLength).toBe(0)
})

test('what is read too early is told as such, also where the place of data is asked for', () => {
  const group = decoder().legs()
  expect(() => group.blobOffset).toThrow('call wrap() or next() first')
  expect(() => group.blobLength).toThrow('call wrap() or next() first')
})
