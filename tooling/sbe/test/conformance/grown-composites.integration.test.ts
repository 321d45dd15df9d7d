import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decodeJson, readIr } from '../../src/index.ts'
import { generateInto, loadCodecs } from './our-codec.ts'
import { construct, enumOf, field, message } from './schema-text.ts'

// The reference's Java reads members that came later whatever the version: here they are absent, as new fields are.

const MEMBERS = `<type name="low" primitiveType="int32"/>
  <type name="high" primitiveType="int16" sinceVersion="2"/><ref name="kind" type="Kind" sinceVersion="3"/>`
const TYPES = `${enumOf('Kind', 'uint8', ['1', '2'])}
  <composite name="Range">${MEMBERS}</composite>
  <composite name="Outer"><ref name="range" type="Range"/><composite name="Later" sinceVersion="3"><type name="x" primitiveType="uint8"/></composite></composite>
  <composite name="Roomy"><type name="a" primitiveType="uint8"/><type name="b" primitiveType="uint8" offset="2" sinceVersion="2"/><type name="c" primitiveType="uint8" offset="4"/></composite>
  <type name="Code" primitiveType="char" length="3"/><type name="Fixed" primitiveType="uint8" presence="constant">9</type>`
const MESSAGES =
  message(`${field('range', 1, 'Range')}<group name="g" id="2">${field('outer', 3, 'Outer')}</group>`) +
  message(field('roomy', 1, 'Roomy') + field('range', 2, 'Range'), 2) +
  message(
    field('a', 1, 'uint8') + field('code', 2, 'Code', 'sinceVersion="2"') + field('fixed', 3, 'Fixed'),
    3,
  )

const { xml } = construct('grown composites', { types: TYPES, messages: MESSAGES, version: 4 })

interface Decoder {
  wrapAndApplyHeader(buffer: Uint8Array, offset: number, header: object, length?: number): this
  toJSON(): object
}

let folder: string
let decoders: ReadonlyMap<number, Decoder>
let header: object

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sbe-grown-'))
  generateInto(folder, xml, 'grown.xml')
  const codecs = (await loadCodecs(folder, readdirSync(folder))) as Record<string, new () => Decoder>
  const create = (name: string): Decoder => new (codecs[name] as new () => Decoder)()
  decoders = new Map([1, 2, 3].map((id) => [id, create(`M${id}Decoder`)]))
  header = create('MessageHeaderDecoder')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Both decode it, generated code and tokens, from bytes that end with the message. */
function decode(blockLength: number, id: number, version: number, hex: string): object {
  const ir = readIr(xml, 'grown.xml')
  const start = Buffer.alloc(8)
  for (const [index, value] of [blockLength, id, ir.id, version].entries()) {
    start.writeUInt16LE(value, index * 2)
  }
  const bytes = new Uint8Array(Buffer.concat([start, Buffer.from(hex.replaceAll(' ', ''), 'hex')]))
  const decoder = decoders.get(id) as Decoder
  const generated = decoder.wrapAndApplyHeader(bytes, 0, header, bytes.length).toJSON()
  expect(decodeJson(ir, bytes).fields).toEqual(generated)
  return generated
}

test('members that came later are absent in messages of an older version, whose blocks are shorter', () => {
  const range = { low: 17, high: null, kind: null }
  expect(decode(4, 1, 1, '11000000 0400 0200 11000000 11000000')).toEqual({
    range,
    g: [{ outer: { range, Later: null } }, { outer: { range, Later: null } }],
  })
  expect(decode(6, 1, 2, '11000000 0500 0600 0100 11000000 ffff')).toEqual({
    range: { ...range, high: 5 },
    g: [{ outer: { range: { ...range, high: -1 }, Later: null } }],
  })
  expect(decode(7, 1, 4, '11000000 0500 01 0800 0100 11000000 0500 02 09')).toEqual({
    range: { low: 17, high: 5, kind: 'V0' },
    g: [{ outer: { range: { low: 17, high: 5, kind: 'V1' }, Later: { x: 9 } } }],
  })
})

test('a member that came into a gap is absent where the gap was', () => {
  const range = { low: 17, high: null, kind: null }
  expect(decode(9, 2, 1, '01 ff ff ff 03 11000000')).toEqual({ roomy: { a: 1, b: null, c: 3 }, range })
  expect(decode(12, 2, 3, '01 ff 02 ff 03 11000000 0000 01')).toMatchObject({ roomy: { a: 1, b: 2, c: 3 } })
})

test('text that came later is absent, and a constant behind it is there', () => {
  expect(decode(1, 3, 1, '07')).toEqual({ a: 7, code: null, fixed: 9 })
  expect(decode(4, 3, 2, '07 414200')).toEqual({ a: 7, code: 'AB', fixed: 9 })
})

test('a block that is shorter than its version says is still refused', () => {
  expect(() => decode(3, 1, 1, '110000')).toThrow('the block length is 3, and version 1 has at least 4')
  expect(() => decode(6, 1, 3, '11000000 0500 0000 0000')).toThrow('and version 3 has at least 7')
})
