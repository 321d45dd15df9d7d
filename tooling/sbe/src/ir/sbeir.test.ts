import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SchemaError } from '../parse/schema-error.ts'
import { readIr, readIrFile } from '../read-ir.ts'
import { readSbeir } from './read-sbeir.ts'
import { schema } from '../../test/small-schema.ts'
import { PRIMITIVE_CODES, TOKEN_LENGTH } from './sbeir-format.ts'
import { writeSbeir } from './write-sbeir.ts'

const EVERYTHING = fileURLToPath(new URL('../../test/schemas/everything.xml', import.meta.url))
const bytes = writeSbeir(readIrFile(EVERYTHING))

test('an IR file that is read and written is the same', () => {
  const ir = readIr(bytes, 'dir/everything.sbeir')
  expect(Buffer.from(writeSbeir(ir)).equals(Buffer.from(bytes))).toBe(true)
  expect(ir).toMatchObject({
    file: 'everything.sbeir',
    package: 'every.thing',
    id: 4711,
    version: 5,
    semanticVersion: '5.2',
    namespace: undefined,
  })
})

test.each([0x3c, 0x13c, 0x3f3c, 0x6d3c, 0xfeff, 0xfffe])(
  'an IR file that begins as text does, by its id of %i, is none',
  (id) => {
    const text = schema('').replace('package="p" id="1"', `package="p" id="${id}"`)
    const file = writeSbeir(readIr(text, 'a.xml'))
    expect(readIr(file, 'a.sbeir').id).toBe(id)
    expect(readIr(new TextEncoder().encode(text), 'a.xml').id).toBe(id)
    expect(readIr(Buffer.from(`\ufeff${text}`, 'utf16le'), 'a.xml').id).toBe(id)
  },
)

test('constants come back: characters, text, enum values, valueRefs', () => {
  const [message = []] = readSbeir(bytes, 'a').messages.filter(([first]) => first?.name === 'First')
  const constant = (name: string): unknown => {
    const at = message.findIndex((token) => token.signal === 'BEGIN_FIELD' && token.name === name)
    return message[at + 1]?.encoding?.constant
  }
  expect(constant('venue')).toBe('XNAS')
  expect(constant('unit')).toBe('k'.charCodeAt(0))
  expect(constant('answer')).toBe(18446744073709551614n)
  expect(constant('fixedSide')).toBe('1'.charCodeAt(0))
  expect(constant('fixedChar')).toBe('1'.charCodeAt(0))
})

/** What reading gives: messages, or the class of the error. */
function outcome(damaged: Uint8Array): unknown {
  try {
    return readSbeir(damaged, 'a.sbeir').messages.length
  } catch (error) {
    return error instanceof SchemaError ? SchemaError : error
  }
}

test('a file that is cut short is told so, unless it is cut between messages', () => {
  // The format does not say how many messages there are.
  const [first = []] = readSbeir(bytes, 'a').messages
  const shorter = { ...readSbeir(bytes, 'a'), messages: [first] }
  expect(outcome(writeSbeir(shorter))).toBe(1)
  for (let length = 0; length < bytes.length - 60; length += 61) {
    expect([length, outcome(bytes.subarray(0, length))]).toEqual([length, SchemaError])
  }
  expect(() => readSbeir(bytes.subarray(0, 999), 'a.sbeir')).toThrow(
    /^a\.sbeir: Cannot read the IR file: .*cut short/,
  )
})

test('damaged bytes are read or refused, and nothing else', () => {
  const check = (): void =>
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice()
        damaged[at] = value
        const result = outcome(damaged)
        return result === SchemaError || typeof result === 'number'
      }),
      { numRuns: 500 },
    )
  expect(check).not.toThrow()
})

test.each(['length', 'varData', 'numInGroup', 'blockLength'])(
  'an IR file whose %s has another name is damaged',
  (name) => {
    const damaged = Buffer.from(bytes)
    // The first one may be of the message header, whose members have any name.
    for (let at = damaged.indexOf(name); at >= 0; at = damaged.indexOf(name, at)) damaged[at] = 0x58
    expect(() => readSbeir(damaged, 'a.sbeir')).toThrow(SchemaError)
    expect(() => readSbeir(damaged, 'a.sbeir')).toThrow(
      new RegExp(`^a\\.sbeir: Cannot read the IR file: .*no encoding "${name}" in ".*"; write it`),
    )
  },
)

test('an encoding without a type is damaged', () => {
  const raw = Buffer.from(bytes)
  // The token stands in front of the length and text of its name.
  const at = raw.indexOf('schemaId') - 2 - TOKEN_LENGTH
  expect(raw[at + 21]).toBe(PRIMITIVE_CODES.indexOf('uint16'))
  raw[at + 21] = 0
  expect(() => readSbeir(raw, 'a.sbeir')).toThrow('"schemaId" has no type or value; write it with')
})

test('an older version is not in an IR file', () => {
  expect(() => readIr(bytes, 'a.sbeir', { schemaVersion: 3 })).toThrow('give the XML')
})

test('messages are in the order of a Java hash table: of 9 in a bucket, and by all bits of an id', () => {
  const member = (name: string): string => `<type name="${name}" primitiveType="uint32"/>`
  const header = ['blockLength', 'templateId', 'schemaId', 'version'].map(member).join('')
  const order = (ids: readonly number[]): number[] => {
    const messages = ids.map((id) => `<message name="M${id}" id="${id}"/>`).join('')
    const text = `<messageSchema package="a" id="1"><types><composite name="messageHeader">${header}</composite></types>${messages}</messageSchema>`
    return readIr(writeSbeir(readIr(text, 'a.xml')), 'a.sbeir').messages.map(([message]) => message?.id ?? 0)
  }
  // As the reference tool 1.38.1 has them.
  expect(order([144, 128, 112, 96, 80, 64, 48, 32, 16])).toEqual([128, 96, 64, 32, 144, 112, 80, 48, 16])
  expect(order([131072, 65536, 3])).toEqual([65536, 131072, 3])
})
