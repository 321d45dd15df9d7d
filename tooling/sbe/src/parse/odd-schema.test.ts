import { expect, test } from 'vitest'
import { generate } from '../generate.ts'
import { writeSbeir } from '../ir/write-sbeir.ts'
import { readIr } from '../read-ir.ts'
import { read, schema } from '../../test/small-schema.ts'

const field = (attributes: string): string => `<field name="f" id="1" ${attributes}/>`

test('of two enum values or choices of one name the later counts, in the place of the first', () => {
  const text = schema(
    `<enum name="E" encodingType="uint8"><validValue name="A">1</validValue><validValue name="B">2</validValue><validValue name="A">3</validValue></enum>
    <set name="S" encodingType="uint8"><choice name="A">1</choice><choice name="B">2</choice><choice name="A">3</choice></set>`,
  )
  expect(read(text).warnings.join('\n')).toContain('"A" is in line 5 too, and that one has no effect')
  const types = readIr(text, 'a.xml').types.map((tokens) => [
    tokens[0]?.name,
    tokens.slice(1, -1).map(({ name, encoding }) => `${name} ${encoding?.constant}`),
  ])
  expect(Object.fromEntries(types)).toMatchObject({ E: ['A 3', 'B 2'], S: ['A 3', 'B 2'] })
})

test('elements may have the namespace of SBE, as the default or with a prefix, or that of the root', () => {
  const types = '<sbe:type name="t" primitiveType="int8"/>'
  const text = schema(types, '<sbe:field name="f" id="1" type="t"/>')
  expect(read(text)).toEqual({ errors: [], warnings: [] })
  const byDefault = text.replaceAll('sbe:', '').replace('xmlnssbe', 'xmlns').replace('xmlns:sbe', 'xmlns')
  expect(byDefault).toContain(' xmlns="http://fixprotocol.io/2016/sbe"')
  for (const one of [
    byDefault,
    byDefault.replace('2016/sbe', '2031/sbe'),
    text.replace('2016/sbe', '2031/sbe'),
  ]) {
    expect(read(one).errors).toEqual([])
    expect(readIr(one, 'a.xml').messages[0]?.[1]?.name).toBe('f')
  }
})

test('an included element of another namespace is none of SBE', () => {
  const include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="b.xml"/>'
  const files = { 'dir/b.xml': '<x:field xmlns:x="urn:x" name="f" id="1" type="int8"/>' }
  expect(read(schema('', include), files).warnings[0]).toContain('<x:field> in message "M" is not one of SBE')
})

test('ids and versions may be as large as the header can hold, with a sign', () => {
  const text = schema('', '<field name="f" id="+2147483647" type="int8"/>').replaceAll('"uint16"', '"uint32"')
  const wide = text
    .replace('name="M" id="1"', 'name="M" id="+70000"')
    .replace('version="3"', 'version="100000"')
  const ir = readIr(wide, 'a.xml')
  expect([ir.version, ir.messages[0]?.[0]?.id, ir.messages[0]?.[1]?.id]).toEqual([100000, 70000, 2147483647])
})

test('a constant of one character in ISO-8859-1 is its byte', () => {
  const text = schema(
    '<type name="t" primitiveType="char" presence="constant" characterEncoding="ISO-8859-1">\u00E9</type>',
    field('type="t"'),
  )
  expect(readIr(text, 'a.xml').messages[0]?.[2]?.encoding?.constant).toBe(0xe9)
})

test('bytes may be those of XML, in any encoding; one that is not known is an error with its line', () => {
  const text = schema('')
  expect(readIr(Buffer.from(text), 'a.xml')).toEqual(readIr(text, 'a.xml'))
  expect(readIr(Buffer.from(`\ufeff${text}`, 'utf16le'), 'a.xml')).toEqual(readIr(text, 'a.xml'))
  const unknown = Buffer.from(`<?xml version="1.0" encoding="KLINGON"?>${text}`)
  expect(() => readIr(unknown, 'a.xml')).toThrow('a.xml:1: Cannot read the schema: its encoding is "KLINGON"')
  // The id of an IR file may be the code of "<".
  const sixty = readIr(text.replace('id="1"', 'id="60"'), 'a.xml')
  expect(readIr(writeSbeir(sixty), 'a.sbeir').id).toBe(60)
})

test('line ends become those of XML 1.0, and no other characters', () => {
  const text = schema('<type name="t" primitiveType="int8" description="a&#13;\u2028b"/>', field('type="t"'))
  expect(readIr(text, 'a.xml').messages[0]?.[2]?.description).toBe('a\r\u2028b')
})

test('floats are those of 32 bits, so that a null value can be told', () => {
  const text = schema(
    '<type name="t" primitiveType="float" presence="optional" nullValue="0.1"/>',
    field('type="t"'),
  )
  expect(readIr(text, 'a.xml').messages[0]?.[2]?.encoding?.nullValue).toBe(Math.fround(0.1))
})

test('an IR file keeps the versions of enum values, whatever those of the fields', () => {
  const text = schema(
    '<enum name="E" encodingType="uint8"><validValue name="A" sinceVersion="2">1</validValue></enum>',
    field('type="E" sinceVersion="3"'),
  )
  const { types } = readIr(writeSbeir(readIr(text, 'a.xml')), 'a.sbeir')
  expect(types.flat().find(({ name }) => name === 'A')?.version).toBe(2)
})

test('what nests absurdly deep is told with its line, in a schema and in an IR file', () => {
  const nested = (depth: number): string => {
    const names = Array.from({ length: depth }, (_, index) => `<group name="g${index}" id="${index}">`)
    return schema('', `${names.join('\n')}${'</group>'.repeat(depth)}`)
  }
  expect(read(nested(98))).toEqual({ errors: [], warnings: [] })
  expect(generate(nested(98), 'a.xml', { objects: true, precedenceChecks: true })).toHaveLength(8)
  for (const depth of [99, 100, 20_000]) {
    expect(read(nested(depth)).errors).toEqual([
      'dir/a.xml:104: Cannot read the schema: <group> is inside of 100 other elements; nest less deeply',
    ])
  }
  const ir = readIr(nested(98), 'a.xml')
  const [message = []] = ir.messages
  const group = message.findIndex(({ signal }) => signal === 'BEGIN_GROUP')
  const end = message.findLastIndex(({ signal }) => signal === 'END_GROUP')
  const deeper = [
    ...message.slice(0, group),
    ...Array.from({ length: 20_000 }, () => message[group]!),
    ...message.slice(group, end),
    ...Array.from({ length: 20_000 }, () => message[end]!),
    ...message.slice(end),
  ]
  const file = writeSbeir({ ...ir, messages: [deeper] })
  expect(() => readIr(file, 'a.sbeir')).toThrow(/"g0" is inside of more than 100 others; nest less deeply/)
})

test('warnings are given beside errors', () => {
  const text = schema('<wrong/>', field('type="nothing"'))
  const { errors, warnings } = read(text)
  expect(errors).toHaveLength(1)
  expect(warnings[0]).toContain('dir/a.xml:5: <wrong> in <types> is not one of SBE')
  expect(() => readIr(text, 'a.xml', { warningsFatal: true })).toThrow(
    /a.xml:5: <wrong>.*\na.xml:6: .*"nothing"/,
  )
})
