import { expect, test } from 'vitest'
import { generate } from '../index.ts'

const member = (name: string): string => `<type name="${name}" primitiveType="uint16"/>`
const header = ['blockLength', 'templateId', 'schemaId', 'version'].map(member).join('')
const schema = (body: string): string => `<messageSchema package="a" id="1"><types>
<composite name="messageHeader">${header}</composite>
<composite name="groupSizeEncoding">${member('blockLength')}${member('numInGroup')}</composite>
<composite name="MsgSide">${member('x')}</composite></types><message name="Msg" id="1">${body}</message></messageSchema>`
const group = (name: string, id: number, inner = '<field name="x" id="99" type="uint8"/>'): string =>
  `<group name="${name}" id="${id}">${inner}</group>`

test.each([
  [
    'two groups',
    group('fooBar', 1) + group('foo_bar', 2),
    'class MsgFooBar has the name of that of "fooBar"',
  ],
  ['nested groups', group('aB', 1, group('c', 2)) + group('a', 3, group('bC', 4)), 'class MsgABC'],
  [
    'a composite',
    `<field name="s" id="1" type="MsgSide"/>${group('side', 2)}`,
    'that of "MsgSide" in line 4',
  ],
])('a group whose class has the name of another is refused: %s', (_, body, problem) => {
  expect(() => generate(schema(body), 'a.xml')).toThrow(problem)
  expect(generate(schema(group('side', 2)), 'a.xml').length).toBeGreaterThan(2)
})

test('fields whose constants have one name are refused', () => {
  const optional = (name: string, id: number): string =>
    `<field name="${name}" id="${id}" type="uint8" presence="optional"/>`
  expect(() => generate(schema(optional('fooBar', 1) + optional('foo_bar', 2)), 'a.xml')).toThrow(
    'its constants begin with FOO_BAR_ as those of "fooBar" do',
  )
})

test('arrays whose length would have the name of a constant of their class give way', () => {
  const array = (name: string, id: number): string => `<field name="${name}" id="${id}" type="Four"/>`
  const source = schema(array('block', 1) + group('g', 2, array('header', 3) + array('block', 4))).replace(
    '</types>',
    `<type name="Four" primitiveType="uint8" length="4"/></types>`,
  )
  const decoder = generate(source, 'a.xml').find(({ name }) => name === 'msg-decoder.ts')!.text
  const constants = [...decoder.matchAll(/static readonly (\w+_LENGTH_?) = (\d+)/g)].map(
    ([, name, value]) => `${name} ${value}`,
  )
  expect(constants).toEqual([
    'BLOCK_LENGTH 4',
    'BLOCK_LENGTH_ 4',
    'HEADER_LENGTH 4',
    'BLOCK_LENGTH 8',
    'HEADER_LENGTH_ 4',
    'BLOCK_LENGTH_ 4',
  ])
})

test('an enum value named __proto__ is a value', () => {
  const source = schema('').replace(
    '</types>',
    `<enum name="E" encodingType="uint8"><validValue name="__proto__">1</validValue></enum></types>`,
  )
  expect(generate(source, 'a.xml').find(({ name }) => name === 'e.ts')!.text).toContain("['__proto__']: 1,")
})

test('of two types of one name the later counts', () => {
  const source = schema('<field name="t" id="1" type="T"/>').replace(
    '</types>',
    '<type name="T" primitiveType="uint8"/><type name="T" primitiveType="uint32"/></types>',
  )
  const decoder = generate(source, 'a.xml').find(({ name }) => name === 'msg-decoder.ts')!.text
  expect(decoder).toContain('static readonly BLOCK_LENGTH = 4')
})

test('a choice named __proto__ is a choice', () => {
  const source = schema('').replace(
    '</types>',
    `<set name="S" encodingType="uint8"><choice name="__proto__">1</choice></set></types>`,
  )
  expect(generate(source, 'a.xml').find(({ name }) => name === 's.ts')!.text).toContain("['__proto__']: 2,")
})

test.each([
  [
    'messages',
    '<message name="Order" id="2"/><message name="order" id="3"/>',
    '"order": its file order-encoder.ts',
  ],
  [
    'messages with underscores',
    '<message name="Foo_bar" id="2"/><message name="FooBar" id="3"/>',
    'foo-bar-encoder.ts',
  ],
  ['a message and a composite', '<message name="msg_side" id="2"/>', 'msg-side-encoder.ts'],
])(
  'what would have one file, also where case does not count, is refused once: %s',
  (_, messages, problem) => {
    const text = schema('<field name="s" id="1" type="MsgSide"/>').replace(
      '</messageSchema>',
      `${messages}</messageSchema>`,
    )
    const message = messageOf(text)
    expect(message).toContain(problem)
    expect(message.split('\n')).toEqual([...new Set(message.split('\n'))])
  },
)

test('a problem of encoder and decoder is told once', () => {
  const two = '<field name="foo" id="1" type="uint8"/><field name="Foo" id="2" type="uint8"/>'
  expect(messageOf(schema(two)).split('\n')).toHaveLength(1)
})

test('types of one name that are not the same, inside composites or declared, are refused; a number of that name is none', () => {
  const composites = (...inner: string[]): string =>
    schema(
      inner.map((_, index) => `<field name="f${index}" id="${index}" type="C${index}"/>`).join(''),
    ).replace(
      '</types>',
      `${inner.map((text, index) => `<composite name="C${index}">${text}</composite>`).join('')}</types>`,
    )
  const kind = (value: number): string =>
    `<enum name="Kind" encodingType="uint8"><validValue name="A">${value}</validValue></enum>`
  const inner = (type: string): string => `<composite name="MsgSide">${member(type)}</composite>`
  expect(messageOf(composites(kind(1), kind(2)))).toContain(
    'Cannot generate "Kind": it is not the same as that in',
  )
  expect(messageOf(composites(kind(1), kind(1)))).toBe('')
  expect(messageOf(composites(inner('x'), inner('y')))).toContain('Cannot generate "MsgSide"')
  expect(messageOf(composites(inner('x'), '<ref name="r" type="MsgSide"/>'))).toBe('')
  expect(messageOf(composites(member('MsgSide'), '<ref name="r" type="MsgSide"/>'))).toBe('')
})

function messageOf(text: string): string {
  try {
    generate(text, 'a.xml')
  } catch (error) {
    return (error as Error).message
  }
  return ''
}
