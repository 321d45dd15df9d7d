import { expect, test } from 'vitest'
import { read, schema } from '../../test/small-schema.ts'

const TYPES = `<type name="late" primitiveType="uint8" sinceVersion="2"/>
<composite name="Grown"><type name="a" primitiveType="uint8"/><type name="b" primitiveType="uint8" sinceVersion="3"/></composite>`

const field = (name: string, id: number, type: string, more = ''): string =>
  `<field name="${name}" id="${id}" type="${type}" ${more}/>`

test.each<[string, string, string[]]>([
  [
    'a field behind a newer one, and the next one behind it is told with it',
    field('y', 1, 'uint8', 'sinceVersion="2"') + field('z', 2, 'uint8') + field('more', 3, 'uint8'),
    ['"z" stands behind "y", of which something came in version 2'],
  ],
  [
    'a field behind one whose type came later, or whose composite grew',
    field('x', 1, 'late') + field('y', 2, 'Grown', 'sinceVersion="2"') + field('z', 3, 'late'),
    ['"z" stands behind "y", of which something came in version 3'],
  ],
  ['a field with room in front', field('y', 1, 'Grown') + field('z', 2, 'uint8', 'offset="8"'), []],
  [
    'what came with its group, whatever it says itself',
    `<group name="g" id="1" sinceVersion="2">${field('y', 2, 'uint8', 'sinceVersion="2"')}${field('z', 3, 'uint8')}</group>`,
    [],
  ],
  [
    'the fields of a group',
    `<group name="g" id="1">${field('y', 2, 'Grown')}${field('z', 3, 'uint8')}</group>`,
    ['"z" stands behind "y", of which something came in version 3'],
  ],
])('warns of %s', (_, body, expected) => {
  const { errors, warnings } = read(schema(TYPES, body))
  expect(errors).toEqual([])
  expect(warnings.map((warning) => /"\w+" stands .* in version \d/.exec(warning)?.[0])).toEqual(expected)
})

test('warns of a member of a composite behind one that came later', () => {
  const types = `<composite name="C"><type name="a" primitiveType="uint8" sinceVersion="1"/>
<type name="fixed" primitiveType="uint8" presence="constant">1</type><type name="c" primitiveType="uint8"/></composite>`
  expect(read(schema(types, field('c', 1, 'C'))).warnings).toEqual([
    'dir/a.xml:6: "c" stands behind "a", of which something came in version 1: older messages have it elsewhere; add what is new at the end',
  ])
})
