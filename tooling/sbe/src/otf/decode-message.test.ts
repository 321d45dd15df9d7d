import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readIr, readIrFile } from '../read-ir.ts'
import { DecodeError } from './decode-error.ts'
import { decodeAllJson, decodeJson } from './decode-json.ts'
import { decodeMessage } from './decode-message.ts'
import { messageText } from './message-text.ts'

const SCHEMA = `<messageSchema package="p" id="7" version="2" byteOrder="bigEndian"><types>
<composite name="messageHeader"><type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
<type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/></composite>
<composite name="groupSizeEncoding"><type name="blockLength" primitiveType="uint8"/><type name="numInGroup" primitiveType="uint8"/></composite>
<composite name="text"><type name="length" primitiveType="uint8"/><type name="varData" primitiveType="uint8" length="0" characterEncoding="UTF-8"/></composite>
<composite name="blob"><type name="length" primitiveType="uint16"/><type name="varData" primitiveType="uint8" length="0"/></composite>
<enum name="Side" encodingType="char"><validValue name="BUY">B</validValue></enum>
<set name="Flags" encodingType="uint8"><choice name="low">0</choice><choice name="high">7</choice></set>
<composite name="Price"><type name="mantissa" primitiveType="int16"/><type name="exponent" primitiveType="int8" presence="constant">-2</type><ref name="side" type="Side"/></composite>
<type name="Symbol" primitiveType="char" length="4"/><type name="Pair" primitiveType="uint16" length="2"/>
<type name="Maybe" primitiveType="uint8" presence="optional"/>
</types>
<message name="Order" id="1">
<field name="id" id="1" type="int64"/><field name="symbol" id="2" type="Symbol"/><field name="pair" id="3" type="Pair"/>
<field name="side" id="4" type="Side"/><field name="flags" id="5" type="Flags"/><field name="price" id="6" type="Price"/>
<field name="maybe" id="7" type="Maybe"/><field name="ratio" id="8" type="float"/>
<field name="later" id="9" type="Price" sinceVersion="1"/><field name="newest" id="10" type="uint8" sinceVersion="2"/>
<group name="fills" id="20"><field name="count" id="1" type="uint8"/><group name="parts" id="2"><field name="x" id="1" type="int8"/></group><data name="note" id="3" type="text"/></group>
<data name="text" id="30" type="text"/><data name="blob" id="31" type="blob" sinceVersion="1"/></message>
<message name="Empty" id="2"/></messageSchema>`
const ir = readIr(SCHEMA, 'a.xml')

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
const HEADER = '001f 0001 0007 0002'
const BLOCK = 'ffffffffffffffff 41424300 0001 0002 42 81 007b 42 ff 7fc00000 0005 3f ff'
const TAIL = '01 02 05 01 01 fe 02 6869 06 01 00 00  03 e282ac 0002 beef'

/** Version 2, with a block of 31 bytes: one more than ours has. */
const MESSAGE = hex(`${HEADER} ${BLOCK} 00 ${TAIL}`)

test('all constructs of a message become a plain object', () => {
  const message = decodeJson(ir, MESSAGE)
  expect(message).toMatchObject({ name: 'Order', templateId: 1, version: 2, offset: 0, end: MESSAGE.length })
  expect(message.fields).toEqual({
    id: '-1',
    symbol: 'ABC',
    pair: [1, 2],
    side: 'BUY',
    flags: ['low', 'high'],
    price: { mantissa: 123, exponent: -2, side: 'BUY' },
    maybe: null,
    ratio: 'NaN',
    later: { mantissa: 5, exponent: -2, side: 63 },
    newest: null,
    fills: [
      { count: 5, parts: [{ x: -2 }], note: 'hi' },
      { count: 6, parts: [], note: '' },
    ],
    text: '€',
    blob: 'beef',
  })
})

test('what an older version does not have is absent, and does not take bytes', () => {
  const { fields } = decodeJson(
    ir,
    hex('001a 0001 0007 0000 ffffffffffffffff 41424344 0001 0002 42 00 007b 42 07 3f800000 01 00 00'),
  )
  expect(fields).toMatchObject({ symbol: 'ABCD', maybe: 7, ratio: 1, later: null, newest: null })
  expect(fields).toMatchObject({ flags: [], fills: [], text: '', blob: '' })
})

test('messages that stand one behind the other are all decoded, and print as text', () => {
  const bytes = new Uint8Array([...MESSAGE, ...hex('0000 0002 0007 0002'), ...MESSAGE])
  const messages = [...decodeAllJson(ir, bytes)]
  expect(messages.map(({ name, offset }) => [name, offset])).toEqual([
    ['Order', 0],
    ['Empty', MESSAGE.length],
    ['Order', MESSAGE.length + 8],
  ])
  const text = messages.slice(0, 1).map(messageText).join()
  expect(text.split('\n')).toEqual([
    'Order (template 1, version 2)',
    '  id = -1',
    '  symbol = ABC',
    '  pair = [1, 2]',
    '  side = BUY',
    '  flags = [low, high]',
    '  price',
    '    mantissa = 123',
    '    exponent = -2',
    '    side = BUY',
    '  maybe = none',
    '  ratio = NaN',
    '  later',
    '    mantissa = 5',
    '    exponent = -2',
    '    side = 63',
    '  newest = none',
    '  fills[0]',
    '    count = 5',
    '    parts[0]',
    '      x = -2',
    '    note = hi',
    '  fills[1]',
    '    count = 6',
    '    parts = []',
    '    note = ',
    '  text = €',
    '  blob = beef',
  ])
})

test('another schema, another template and a damaged block length are told', () => {
  expect(() => decodeJson(ir, hex('0000 0001 0008 0002'))).toThrow(
    'Cannot decode the message at byte 0: it is of schema 8, and the schema is 7 (p); give the schema of the message',
  )
  expect(() => decodeJson(ir, hex('0000 0009 0007 0002'))).toThrow('the schema has no template 9')
  expect(() => decodeJson(ir, hex(`0008 0001 0007 0002 ${BLOCK}`))).toThrow(
    'Cannot decode Order.symbol at byte 16: it needs 4 bytes, and the block ends after 8',
  )
  expect(() => decodeMessage(MESSAGE, 8, [], { blockLength: 30, version: 2 }, {})).toThrow(TypeError)
})

test('a message that is truncated is told at every length', () => {
  for (let length = 0; length < MESSAGE.length; length++) {
    expect(() => decodeJson(ir, MESSAGE.subarray(0, length))).toThrow(DecodeError)
  }
})

test('counts of entries of no bytes do not keep the decoder busy', () => {
  const wide = SCHEMA.replace(
    'name="numInGroup" primitiveType="uint8"',
    'name="numInGroup" primitiveType="uint32"',
  )
  const bytes = hex(`${HEADER} ${BLOCK} 00 00 ffffffff`)
  expect(() => decodeJson(readIr(wide, 'a.xml'), bytes)).toThrow(
    /of no bytes, and may have 65535; it is damaged|block ends/,
  )
})

test('damaged bytes decode or are told, and nothing else', () => {
  const everything = readIrFile(fileURLToPath(new URL('../../test/schemas/everything.xml', import.meta.url)))
  const [first = []] = everything.messages
  const isKnown = (run: () => unknown): boolean => {
    try {
      run()
      return true
    } catch (error) {
      return error instanceof DecodeError
    }
  }
  const check = (): void =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.nat(MESSAGE.length - 1),
        fc.nat(255),
        (bytes, at, value) => {
          const damaged = MESSAGE.slice()
          damaged[at] = value
          return (
            isKnown(() => decodeJson(ir, damaged)) &&
            isKnown(() => decodeMessage(bytes, 0, first, { blockLength: value, version: at % 6 }, {}))
          )
        },
      ),
      { numRuns: 2000 },
    )
  expect(check).not.toThrow()
})

test('bytes are numbers whatever characterEncoding they have, as in generated code', () => {
  const source = SCHEMA.replace(
    '</types>',
    '<type name="u" primitiveType="uint8" length="2" characterEncoding="UTF-8"/></types>',
  ).replace(
    '<message name="Empty" id="2"/>',
    '<message name="Bytes" id="2"><field name="u" id="1" type="u"/></message>',
  )
  expect(decodeJson(readIr(source, 'a.xml'), hex('0002 0002 0007 0002 4142')).fields).toEqual({ u: [65, 66] })
})
