import { expect, test } from 'vitest'
import { AllTypesDecoder } from '../test/all-types-unchecked/src/gen/all-types-decoder.ts'
import { AllTypesEncoder } from '../test/all-types-unchecked/src/gen/all-types-encoder.ts'

const BLOCK = AllTypesEncoder.BLOCK_LENGTH

function encode(buffer: Uint8Array): AllTypesEncoder {
  const encoder = new AllTypesEncoder().wrap(buffer, 0)
  encoder.legsCount(0)
  encoder.tagsCount(0)
  return encoder.text('text').extra(Uint8Array.of(1))
}

test('without bounds checks the end of the message is not looked at', () => {
  const buffer = new Uint8Array(256)
  const encoder = encode(buffer)
  const decoder = new AllTypesDecoder().wrap(buffer, 0, BLOCK, 3, BLOCK)
  expect([decoder.text, decoder.decodedLength]).toEqual(['text', encoder.encodedLength])
})

test('without bounds checks the buffer is still the limit, and values are checked', () => {
  const buffer = new Uint8Array(BLOCK)
  expect(() => encode(buffer)).toThrow(RangeError)
  expect(() => new AllTypesEncoder().wrap(buffer, BLOCK).anInt64(1n)).toThrow(RangeError)
  expect(() => new AllTypesDecoder().wrap(buffer, BLOCK, BLOCK, 3).anInt64).toThrow(RangeError)
  expect(() => new AllTypesEncoder().wrap(buffer, 0).anInt8(300)).toThrow('it is 300')
})
