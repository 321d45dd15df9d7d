import { expect, test } from 'vitest'
import { readIr } from '../read-ir.ts'
import { HEADER, read, schema } from '../../test/small-schema.ts'

const field = (attributes: string): string => `<field name="f" id="1" ${attributes}/>`

test.each([
  [
    'an id twice',
    schema('', `${field('type="int8"')}<field name="g" id="1" type="int8"/>`),
    '"g" of message "M" has the id 1 of "f"',
  ],
  ['an empty type', schema('', field('type=""')), '<field> has an empty "type"'],
  [
    'a value that is the null value',
    schema('<enum name="E" encodingType="uint8"><validValue name="A">255</validValue></enum>'),
    '"A" is 255, which is the null value',
  ],
  [
    'a value out of the range of a named encoding',
    schema(
      '<type name="t" primitiveType="int8" minValue="1" maxValue="5"/><enum name="E" encodingType="t"><validValue name="A">6</validValue></enum>',
    ),
    '"A" is 6; make it a value from 1 to 5',
  ],
  [
    'an encoding that is an array',
    schema('<type name="t" primitiveType="int8" length="2"/><enum name="E" encodingType="t"/>'),
    'encodingType is "t"',
  ],
  [
    'a char of several characters',
    schema('<enum name="E" encodingType="char"><validValue name="A">12</validValue></enum>'),
    'make it one character',
  ],
  [
    'a constant longer than its length',
    schema('<type name="t" primitiveType="char" length="2" presence="constant">abc</type>'),
    'is longer than its length 2',
  ],
  [
    'a valueRef to nothing',
    schema('', field('type="uint8" presence="constant" valueRef="Side.HOLD"')),
    'valueRef is "Side.HOLD"',
  ],
  [
    'a valueRef without a dot',
    schema('', field('type="uint8" presence="constant" valueRef="Side"')),
    'valueRef is "Side"',
  ],
  [
    'a valueRef of another type',
    schema('', field('type="int16" presence="constant" valueRef="Side.BUY"')),
    'is not a value of its type "int16"',
  ],
  [
    'a valueRef on a type of another encoding',
    schema('<type name="t" primitiveType="int8" presence="constant" valueRef="Side.BUY"/>'),
    'use one primitiveType for both',
  ],
  [
    'a valueRef on a type that is not constant',
    schema('<type name="t" primitiveType="uint8" valueRef="Side.BUY"/>'),
    'add presence="constant"',
  ],
  [
    'a constant enum without a value',
    schema('', field('type="Side" presence="constant"')),
    'is constant without a value',
  ],
  [
    'a constant set',
    schema('<set name="S" encodingType="uint8"/>', field('type="S" presence="constant"')),
    'is constant and a set',
  ],
  [
    'a semanticType that differs',
    schema('<type name="t" primitiveType="int8" semanticType="a"/>', field('type="t" semanticType="b"')),
    'semanticType of "f" is "b"',
  ],
  [
    'an offset inside a composite that overlaps',
    schema(
      '<composite name="c"><type name="a" primitiveType="int32"/><type name="b" primitiveType="int8" offset="3"/></composite>',
    ),
    'offset of "b" is 3; make it 4 or more',
  ],
  [
    'a group in a composite',
    schema('<composite name="c"><group name="g" id="1"/></composite>'),
    '<group> in a composite; put it into the message',
  ],
  [
    'a ref to a primitive type',
    schema('<composite name="c"><ref name="a" type="int8"/></composite>'),
    'ref to the primitive type "int8"',
  ],
  ['a field of variable length', schema('', field('type="bytes"')), 'has length 0'],
  [
    'dimensions that are no composite',
    schema('', '<group name="g" id="1" dimensionType="Side"/>'),
    'is not a composite of unsigned blockLength',
  ],
  [
    'a signed count that may be negative',
    schema(
      '<composite name="d"><type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="int16"/></composite>',
      '<group name="g" id="1" dimensionType="d"/>',
    ),
    'give it a minValue of 0 or more',
  ],
  [
    'optional data',
    schema('', '<data name="d" id="1" type="bytes" presence="optional"/>'),
    'data "d" is optional',
  ],
  [
    'data with something between',
    schema(
      '<composite name="v"><type name="length" primitiveType="uint8"/><type name="varData" primitiveType="uint8" length="0" offset="2"/></composite>',
      '<data name="d" id="1" type="v"/>',
    ),
    'varData right behind it',
  ],
  [
    'an unsigned header that is not',
    schema(
      '<composite name="h"><type name="blockLength" primitiveType="int16"/><type name="templateId" primitiveType="uint16"/><type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/></composite>',
      '',
      'headerType="h"',
    ),
    'has no unsigned "blockLength"',
  ],
  [
    'a member from the future',
    schema('<composite name="c"><type name="a" primitiveType="int8" sinceVersion="4"/></composite>'),
    '"a" is since version 4',
  ],
  [
    'a text encoding that is none',
    schema('<type name="t" primitiveType="char" length="4" characterEncoding="EBCDIC"/>'),
    'characterEncoding "EBCDIC"',
  ],
  [
    'a name that is none',
    schema('<type name="a b" primitiveType="int8"/>'),
    'name "a b" is not an identifier',
  ],
  [
    'a negative id',
    schema('').replace('name="M" id="1"', 'name="M" id="-1"'),
    '"id" of <message> is "-1"; make it a whole number from 0 to 2147483647',
  ],
  [
    'a version that the header cannot hold',
    schema('').replace('version="3"', 'version="65536"'),
    'version of message "M" is 65536, which the uint16 of the message header cannot hold',
  ],
  [
    'a block of an entry that its dimensions cannot hold',
    schema(
      `<type name="long" primitiveType="int8" length="256"/><composite name="d"><type name="blockLength" primitiveType="uint8"/><type name="numInGroup" primitiveType="uint8"/></composite>`,
      '<group name="g" id="1" dimensionType="d"><field name="f" id="1" type="long"/></group>',
    ),
    'the block of group "g" has 256 bytes, which the uint8 of "d" cannot hold',
  ],
  [
    'an enum value that is not of US-ASCII',
    schema('<enum name="E" encodingType="char"><validValue name="A">\u00E9</validValue></enum>'),
    'make it one character of US-ASCII',
  ],
  [
    'a constant that is not of its encoding',
    schema('<type name="t" primitiveType="char" presence="constant">\u00E9t\u00E9</type>'),
    'is not US-ASCII; write it in that, or give another characterEncoding',
  ],
  [
    'a constant of one character and two bytes',
    schema('<type name="t" primitiveType="char" presence="constant" characterEncoding="UTF-8">\u00E9</type>'),
    'is not one byte of UTF-8',
  ],
  [
    'a field that is required, of a constant type',
    schema(
      '<type name="t" primitiveType="int8" presence="constant">1</type>',
      field('type="t" presence="required"'),
    ),
    'field "f" is required and its type "t" constant, without bytes; remove the presence of one',
  ],
  [
    'a constant enum in a composite',
    schema(
      '<enum name="E" encodingType="uint8" presence="constant"><validValue name="A">1</validValue></enum><composite name="c"><ref name="e" type="E"/></composite>',
    ),
    '"e" in a composite is a constant enum, without a value; use a <type>',
  ],
  [
    'a field of a type of variable length',
    schema('<type name="t" primitiveType="int8" length="4" variableLength="true"/>', field('type="t"')),
    'give it a length of 1 or more, or use <data>',
  ],
  [
    'data of another semanticType than its type',
    schema('', '<data name="d" id="1" type="bytes" semanticType="a"/>').replace(
      'name="bytes"',
      'name="bytes" semanticType="b"',
    ),
    'semanticType of "d" is "a" and that of its type is "b"',
  ],
  [
    'an entity of a document type',
    schema('<type name="t" primitiveType="int8" description="&x;"/>').replace(
      /^/,
      '<!DOCTYPE s [<!ENTITY x "y">]>',
    ),
    '&x; is an entity of a document type, which is not read; write its text in its place',
  ],
])('%s is an error with its line and a remedy', (_, text, message) => {
  const { errors } = read(text)
  expect(errors.join('\n')).toContain(message)
  expect(errors.every((error) => /^dir\/a\.xml:\d+: Cannot .*[;:] /.test(error))).toBe(true)
})

test.each([
  [
    'an attribute that is not known',
    schema('', field('type="int8" colour="red"')),
    'attribute "colour" of <field>',
  ],
  [
    'a namespace of old',
    schema('').replace('http://fixprotocol.io/2016/sbe', 'http://www.fixprotocol.org/ns/simple/1.0'),
    'is not one of SBE',
  ],
  [
    'a null value of what is required',
    schema('<type name="t" primitiveType="int8" nullValue="0"/>'),
    '"t" has a nullValue and is required',
  ],
  [
    'limits that nothing meets',
    schema('<type name="t" primitiveType="int8" minValue="5" maxValue="1"/>'),
    'no value is valid',
  ],
  [
    'an offset of 0',
    schema('', `${field('type="int8"')}<field name="g" id="2" type="int8" offset="0"/>`),
    'offset of "g" is 0, and has no effect',
  ],
  [
    'a valueRef without constant',
    schema('', field('type="Side" valueRef="Side.BUY"')),
    'has no effect, because it is required',
  ],
  ['an enum without values', schema('<enum name="E" encodingType="uint8"/>'), 'enum "E" has no values'],
  [
    'a length of 32 bits without a limit',
    schema(
      '<composite name="v"><type name="length" primitiveType="uint32"/><type name="varData" primitiveType="uint8" length="0"/></composite>',
      '<data name="d" id="1" type="v"/>',
    ),
    "which SBE's own tool refuses",
  ],
  [
    'a wide count',
    schema(
      '<composite name="d"><type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="uint64"/></composite>',
      '<group name="g" id="1" dimensionType="d"/>',
    ),
    'uint8 or uint16 is usual',
  ],
  [
    'a schema without messages',
    schema('').replace(/<sbe:message .*<\/sbe:message>/, ''),
    'the schema has no messages',
  ],
  [
    'an element that is not known in the schema',
    schema('').replace('<sbe:message name="M"', '<sbe:massage/><sbe:message name="M"'),
    '<massage> in <messageSchema> is not one of SBE, and has no effect; use <types> or <sbe:message>, or remove it',
  ],
  ['one in the types', schema('<field name="f"/>'), '<field> in <types> is not one of SBE'],
  ['one in a message', schema('', '<feld name="f" id="1"/>'), '<feld> in message "M" is not one of SBE'],
  [
    'one in a composite',
    schema('<composite name="c"><note/><type name="a" primitiveType="int8"/></composite>'),
    '<note> in composite "c" is not one of SBE',
  ],
  [
    'one in an enum',
    schema('<enum name="E" encodingType="uint8"><choice name="A">1</choice></enum>'),
    '<choice> in <enum> is not one of SBE',
  ],
  [
    'one of another namespace that has a name of SBE',
    schema('', `<x:field xmlns:x="urn:x" name="f" id="1" type="int8"/><field xmlns="urn:y"/>`),
    '<x:field> in message "M" is not one of SBE',
  ],
  ['a composite without members', schema('<composite name="c"/>'), 'composite "c" has no members'],
  [
    'an enum value twice',
    schema(
      '<enum name="E" encodingType="uint8"><validValue name="A">1</validValue><validValue name="B">1</validValue></enum>',
    ),
    '"B" has the value of "A" in line 5, which cannot be told apart',
  ],
  [
    'a choice twice',
    schema('<set name="S" encodingType="uint8"><choice name="A">1</choice><choice name="B">1</choice></set>'),
    '"B" has the bit of "A" in line 5, which cannot be told apart',
  ],
  [
    'a document type',
    schema('').replace(/^/, '<!DOCTYPE s>'),
    'the document type is not read, and has no effect',
  ],
])('%s is a warning', (_, text, message) => {
  const { errors, warnings } = read(text)
  expect(errors).toEqual([])
  expect(warnings.join('\n')).toContain(message)
})

test('warnings stop the run where they are to', () => {
  const text = schema('<enum name="E" encodingType="uint8"/>')
  expect(() => readIr(text, 'a.xml', { warningsFatal: true })).toThrow('a.xml:5: enum "E" has no values')
})

test('a header may have members that are constant, and others than it must', () => {
  const header = HEADER.replace(
    '<type name="schemaId" primitiveType="uint16"/>',
    '<type name="schemaId" primitiveType="uint16" presence="constant">1</type><type name="more" primitiveType="int64"/>',
  )
  expect(read(schema('').replace(HEADER, header)).errors).toEqual([])
})

const including = (href: string, more = ''): string =>
  schema('').replace(
    '<types>',
    `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="${href}" ${more}/><types>`,
  )

test('includes are relative to the file that has them, and their errors name the file', () => {
  const nested = `<types xmlns:xi="http://www.w3.org/2001/XInclude">\n<xi:include href="b/c.xml"/></types>`
  const good = { 'dir/more/b.xml': nested, 'dir/more/b/c.xml': '<type name="t" primitiveType="int8"/>' }
  expect(read(including('more/b.xml'), good)).toEqual({ errors: [], warnings: [] })
  const bad = { ...good, 'dir/more/b/c.xml': '\n<type name="t" primitiveType="int9"/>' }
  expect(read(including('more/b.xml'), bad).errors[0]).toMatch(
    /^dir\/more\/b\/c\.xml:2: Cannot use the schema: primitive type "int9"/,
  )
  const twice = { ...good, 'dir/more/b/c.xml': '<type name="Side" primitiveType="int8"/>' }
  const { errors, warnings } = read(including('more/b.xml'), twice)
  expect(errors).toEqual([])
  expect(warnings[0]).toContain('is declared in dir/more/b/c.xml:1 too, and that one has no effect')
})

test('what cannot be included is told: a cycle, a file that is missing or broken, more than whole XML files', () => {
  const types = (href: string): string =>
    `<types xmlns:xi="http://www.w3.org/2001/XInclude">\n<xi:include href="${href}"/></types>`
  expect(
    read(including('b.xml'), { 'dir/b.xml': types('c.xml'), 'dir/c.xml': types('b.xml') }).errors,
  ).toEqual([
    'dir/c.xml:2: Cannot include: dir/b.xml includes dir/c.xml includes dir/b.xml; remove one of these xi:include elements',
  ])
  expect(read(including('b.xml')).errors[0]).toContain(
    'dir/b.xml cannot be read (no such file); correct the path',
  )
  expect(read(including('b.xml'), { 'dir/b.xml': '<types>\n</type>' }).errors[0]).toMatch(
    /^dir\/b\.xml:1: Cannot read the schema: .*; correct the XML$/,
  )
  expect(read(including('')).errors[0]).toContain('it has no href')
  expect(read(including('b.xml', 'parse="text"')).errors[0]).toContain('only whole XML files')
  expect(read(including('http://a/b.xml')).errors[0]).toContain('make it a path relative to this file')
})

test('a fallback stands in for a file that is missing', () => {
  const text = including('b.xml').replace(
    '/><types>',
    '><xi:fallback><types><type name="t" primitiveType="int8"/></types></xi:fallback></xi:include><types>',
  )
  expect(read(text.replace('id="1">', `id="1">${field('type="t"')}`))).toEqual({ errors: [], warnings: [] })
})

test('blanks count in a constant of characters', () => {
  const text = schema('<type name="t" primitiveType="char" presence="constant"> x </type>', field('type="t"'))
  expect(readIr(text, 'a.xml').messages[0]?.[2]?.encoding?.constant).toBe(' x ')
})
