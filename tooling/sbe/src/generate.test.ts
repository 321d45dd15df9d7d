import { expect, test } from 'vitest'
import { generate } from './generate.ts'
import { readIr } from './read-ir.ts'
import { SchemaError } from './parse/schema-error.ts'

const HEADER = `<composite name="messageHeader">
<type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
<type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/></composite>`

/** A schema whose first line after the types is line 6, and after the messages line 7. */
function schema(types: string, messages: string, attributes = ''): string {
  return `<?xml version="1.0"?>
<sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="p" id="1" version="3" ${attributes}><types>
${HEADER}
${types}</types>
${messages}
</sbe:messageSchema>`
}

function problemsOf(text: string, options = {}): string[] {
  try {
    generate(text, 'a.xml', options)
  } catch (error) {
    if (!(error instanceof SchemaError)) throw error
    return error.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`)
  }
  return []
}

const MESSAGE = '<sbe:message name="M" id="1">'

test.each([
  [
    'an unknown type',
    schema('', `${MESSAGE}<field name="a" id="1" type="int9"/></sbe:message>`),
    'type "int9" is not declared',
  ],
  [
    'a missing id',
    schema('', `${MESSAGE}<field name="a" type="int8"/></sbe:message>`),
    '<field> has no "id"; add it',
  ],
  [
    'two fields of a name',
    schema(
      '',
      `${MESSAGE}<field name="a" id="1" type="int8"/><field name="a" id="2" type="int8"/></sbe:message>`,
    ),
    'message "M" has "a" here and in line 7',
  ],
  [
    'a field that overlaps',
    schema(
      '',
      `${MESSAGE}<field name="a" id="1" type="int32"/><field name="b" id="2" type="int8" offset="2"/></sbe:message>`,
    ),
    'offset of "b" is 2; make it 4 or more',
  ],
  [
    'a block that is too short',
    schema(
      '',
      '<sbe:message name="M" id="1" blockLength="2"><field name="a" id="1" type="int32"/></sbe:message>',
    ),
    'blockLength of message "M" is 2; make it 4 or more',
  ],
  [
    'data before a field',
    schema(
      '<composite name="v"><type name="length" primitiveType="uint32"/><type name="varData" primitiveType="uint8" length="0"/></composite>',
      `${MESSAGE}<data name="d" id="1" type="v"/><field name="a" id="2" type="int8"/></sbe:message>`,
    ),
    '<field> after <data> in message "M"',
  ],
  [
    'a version from the future',
    schema('', `${MESSAGE}<field name="a" id="1" type="int8" sinceVersion="4"/></sbe:message>`),
    '"a" is since version 4 and the schema is version 3',
  ],
  [
    'a bad presence',
    schema('', `${MESSAGE}<field name="a" id="1" type="int8" presence="maybe"/></sbe:message>`),
    'presence is "maybe"',
  ],
  [
    'a constant without a value',
    schema('', `${MESSAGE}<field name="a" id="1" type="int8" presence="constant"/></sbe:message>`),
    'field "a" is constant without a value',
  ],
  [
    'an unknown text encoding',
    schema(
      '<composite name="v"><type name="length" primitiveType="uint8"/><type name="varData" primitiveType="uint8" length="0" characterEncoding="EBCDIC"/></composite>',
      `${MESSAGE}<data name="d" id="1" type="v"/></sbe:message>`,
    ),
    'characterEncoding "EBCDIC" of "varData" is not one the generator knows',
  ],
  ['a fractional enum', schema('<enum name="E" encodingType="float"/>', ''), 'encodingType is "float"'],
  [
    'an enum value that does not fit',
    schema('<enum name="E" encodingType="int8"><validValue name="A">200</validValue></enum>', ''),
    'value "A" is "200"; make it a value of int8',
  ],
  [
    'a bit that does not fit',
    schema('<set name="S" encodingType="uint8"><choice name="a">8</choice></set>', ''),
    'bit of "a" is "8"; make it a number from 0 to 7',
  ],
  [
    'two messages of an id',
    schema('', `${MESSAGE}</sbe:message><sbe:message name="N" id="1"/>`),
    'message "N" (id 1) has the name or id of "M"',
  ],
  [
    'a composite in itself',
    schema('<composite name="c"><ref name="a" type="c"/></composite>', ''),
    'composite "c" contains itself',
  ],
  ['an unknown byte order', schema('', '', 'byteOrder="middleEndian"'), 'byteOrder is "middleEndian"'],
  ['an unknown header', schema('', '', 'headerType="other"'), 'the message header "other" is not declared'],
  [
    'members that meet',
    schema(
      '',
      `${MESSAGE}<field name="Price" id="1" type="int8"/><field name="price" id="2" type="int8"/></sbe:message>`,
    ),
    'its member "price" is also one of "Price"',
  ],
  [
    'files that meet',
    schema('', `${MESSAGE}</sbe:message><sbe:message name="m" id="2"/>`),
    'its file m-encoder.ts is also that of "M"',
  ],
  [
    'an id that the message header cannot hold',
    schema('', '<sbe:message name="M" id="300"/>').replace(
      'name="templateId" primitiveType="uint16"',
      'name="templateId" primitiveType="uint8"',
    ),
    'templateId of message "M" is 300, which the uint8 of the message header cannot hold',
  ],
])('%s stops the run with its line', (_, text, message) => {
  const problems = problemsOf(text)
  expect(problems.join('\n')).toContain(message)
  expect(problems.every((problem) => /^a\.xml:[0-9]+: Cannot /.test(problem))).toBe(true)
})

test('all problems of a run are told at once, by line', () => {
  const text = schema(
    '',
    `${MESSAGE}\n<field name="a" id="x" type="int8"/>\n<field name="b" id="2" type="none"/>\n</sbe:message>`,
  )
  expect(problemsOf(text)).toEqual([
    'a.xml:8: Cannot use the schema: "id" of <field> is "x"; make it a whole number from 0 to 2147483647',
    'a.xml:9: Cannot use the schema: type "none" is not declared; declare it in <types> or correct the name',
  ])
})

test('XML that is not well formed is told with its line', () => {
  expect(problemsOf('<?xml version="1.0"?>\n<a>\n<b></a>')[0]).toMatch(/^a\.xml:3: Cannot read the schema: /)
  expect(problemsOf('')[0]).toMatch(/^a\.xml:1: Cannot read the schema: /)
})

test('number fields are checked: an unknown name, and a null value that is not exact', () => {
  const text = schema(
    '',
    `${MESSAGE}<field name="a" id="1" type="uint64" presence="optional"/></sbe:message>`,
  )
  expect(problemsOf(text, { numberFields: ['b'] }).join()).toContain(
    'the schema has no 64-bit field of that name',
  )
  expect(problemsOf(text, { numberFields: ['M.a'] }).join()).toContain(
    'its null value 18446744073709551615 is not exact',
  )
})

test('the same schema gives the same files, sorted, with a header and without what it does not need', () => {
  const text = schema(
    '',
    `${MESSAGE}<field name="a" id="1" type="int64" description="Ends */ not"/></sbe:message>`,
  )
  const files = generate(text, 'dir/a.xml', { runtime: './rt.ts', importExtension: '.js' })
  expect(files).toEqual(generate(text, 'dir/a.xml', { runtime: './rt.ts', importExtension: '.js' }))
  expect(files.map(({ name }) => name)).toEqual([
    'm-decoder.ts',
    'm-encoder.ts',
    'message-dispatcher.ts',
    'message-header-decoder.ts',
    'message-header-encoder.ts',
  ])
  expect(files[0]?.text).toMatch(
    /^\/\/ Generated by @x\/sbe-tool from a\.xml \(p, id 1, version 3\)\. Do not edit\.\n/,
  )
  expect(files[0]?.text).toContain("from './message-header-decoder.js'")
  expect(files[0]?.text).toContain('Ends *\\/ not')
})

test('the intermediate form is a flat list of tokens that nest', () => {
  const text = schema('', `${MESSAGE}<field name="a" id="1" type="int8"/></sbe:message>`)
  const [tokens = []] = readIr(text, 'a.xml').messages
  expect(tokens.map(({ signal, componentTokenCount }) => [signal, componentTokenCount])).toEqual([
    ['BEGIN_MESSAGE', 5],
    ['BEGIN_FIELD', 3],
    ['ENCODING', 1],
    ['END_FIELD', 3],
    ['END_MESSAGE', 5],
  ])
})

test('a member of the message header may have the name of what every object has', () => {
  const text = schema('', '<sbe:message name="M" id="1"/>').replace(
    '<type name="version" primitiveType="uint16"/>',
    '<type name="version" primitiveType="uint16"/><type name="toString" primitiveType="uint8"/>',
  )
  const [encoder] = generate(text, 'a.xml', {}).filter(({ name }) => name === 'm-encoder.ts')
  expect(encoder?.text).toContain('this.#view.setInt32(offset + 4, 1 | (3 << 16), true)\n    return this')
})

/** What the encoder of a message with a group writes of its headers. */
function headerWrites(dimensions: string, attributes = '', header = HEADER): readonly string[] {
  const group = `<group name="g" id="2"><field name="a" id="3" type="int8"/></group>`
  const text = schema(
    `<composite name="groupSizeEncoding">${dimensions}</composite>`,
    `${MESSAGE}${group}</sbe:message>`,
    attributes,
  ).replace(HEADER, header)
  const [encoder] = generate(text, 'a.xml', {}).filter(({ name }) => name === 'm-encoder.ts')
  return encoder?.text.match(/(?<=view\.)set\w+\((?:offset|at)\b.*/g) ?? []
}

const LENGTH = '<type name="blockLength" primitiveType="uint16"/>'
const COUNT = '<type name="numInGroup" primitiveType="uint16"/>'

test('two neighbours of 16 bits in a header are written as one, in either byte order', () => {
  expect(headerWrites(LENGTH + COUNT)).toEqual([
    'setInt32(offset, 0 | (1 << 16), true)',
    'setInt32(offset + 4, 1 | (3 << 16), true)',
    'setInt32(at, 1 | (count << 16), true)',
  ])
  expect(headerWrites(LENGTH + COUNT, 'byteOrder="bigEndian"')).toEqual([
    'setInt32(offset, 1 | (0 << 16), false)',
    'setInt32(offset + 4, 3 | (1 << 16), false)',
    'setInt32(at, count | (1 << 16), false)',
  ])
})

test('members of a header that are no neighbours, or of another width, are written each', () => {
  const apart = LENGTH + '<type name="between" primitiveType="uint16"/>' + COUNT
  expect(headerWrites(apart).at(-2)).toBe('setUint16(at, 1, true)')
  expect(headerWrites(apart).at(-1)).toBe('setUint16(at + 4, count, true)')
  expect(headerWrites(COUNT + LENGTH).slice(-2)).toEqual([
    'setUint16(at + 2, 1, true)',
    'setUint16(at, count, true)',
  ])
  const wide = COUNT.replace('uint16', 'uint32')
  expect(headerWrites(LENGTH + wide).slice(-2)).toEqual([
    'setUint16(at, 1, true)',
    'setUint32(at + 2, count, true)',
  ])
  const header = HEADER.replace('<type name="schemaId"', '<type name="between" primitiveType="uint8"/>$&')
  expect(headerWrites(LENGTH + COUNT, '', header).slice(0, 2)).toEqual([
    'setInt32(offset, 0 | (1 << 16), true)',
    'setInt32(offset + 5, 1 | (3 << 16), true)',
  ])
})
