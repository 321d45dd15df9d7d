import { construct, enumOf, field, MAX, message, setOf, varData } from './schema-text.ts'
import type { Construct } from './schema-text.ts'

const SHARED = `${enumOf('Side', 'char', ['B', 'S'])}${setOf('Flags', 'uint8', [0, 7])}${enumOf('Level', 'uint8', ['1', '2'])}
  <composite name="Decimal"><type name="mantissa" primitiveType="int64"/><type name="exponent" primitiveType="int8" presence="constant">-3</type></composite>`

const REFS = `${SHARED}
  <composite name="Pair"><ref name="x" type="Decimal"/><ref name="y" type="Decimal" offset="10"/></composite>
  <composite name="Leg"><ref name="pair" type="Pair" offset="4"/><ref name="side" type="Side"/><ref name="flags" type="Flags" offset="30"/>
    <type name="two" primitiveType="uint8" presence="constant" valueRef="Level.V1"/><ref name="size" type="size"/>
    <composite name="in"><type name="low" primitiveType="uint16" offset="2"/><type name="text" primitiveType="char" length="3" characterEncoding="UTF-8"/></composite>
  </composite>
  <type name="size" primitiveType="uint32" presence="optional" nullValue="7"/>
  ${varData('text', 'uint16', 'uint8', 'characterEncoding="UTF-16LE"')}`

const REFS_MESSAGE = message(
  `${field('leg', 1, 'Leg', 'offset="3"')}${field('level', 2, 'Level', 'presence="constant" valueRef="Level.V0"')}${field('last', 3, 'uint16')}
  <group name="legs" id="4" blockLength="90">${field('leg', 1, 'Leg', 'offset="5"')}${field('pair', 2, 'Pair', 'offset="60"')}
    <group name="inner" id="3">${field('leg', 1, 'Leg')}<data name="text" id="2" type="text"/></group>
    <group name="none" id="5"/>
  </group>`,
  1,
  'blockLength="80"',
)

const dimensions = (name: string, members: string): string =>
  `<composite name="${name}">${members}</composite>`
const BLOCK = '<type name="blockLength" primitiveType="uint16" offset="3"/>'
const COUNT = '<type name="numInGroup" primitiveType="uint8"/>'

/** Legal and seldom seen: references in references, gaps, and types of headers and dimensions that nobody writes twice. */
export const ODD_CONSTRUCTS: readonly Construct[] = [
  construct('references in groups, with gaps', { types: REFS, messages: REFS_MESSAGE }),
  construct('references in groups, with gaps, big endian', {
    types: REFS,
    messages: REFS_MESSAGE,
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('dimensions with more members, and swapped', {
    types:
      dimensions('swapped', COUNT + BLOCK) +
      dimensions(
        'padded',
        `${COUNT}<type name="pad" primitiveType="uint32" length="2"/><type name="blockLength" primitiveType="uint8"/>`,
      ) +
      dimensions(
        'counted',
        `${COUNT}${BLOCK}<type name="numGroups" primitiveType="uint16"/><type name="numVarDataFields" primitiveType="uint16"/>`,
      ) +
      dimensions(
        'wide',
        `<type name="blockLength" primitiveType="uint32" ${MAX}/><type name="numInGroup" primitiveType="uint32" ${MAX}/>`,
      ),
    messages: message(
      `<group name="a" id="1" dimensionType="swapped">${field('x', 1, 'uint32')}<group name="b" id="2" dimensionType="padded">${field('y', 1, 'uint8')}</group></group>
      <group name="c" id="3" dimensionType="counted">${field('z', 1, 'double')}</group><group name="d" id="4" dimensionType="wide" blockLength="9">${field('w', 1, 'uint8')}</group>`,
    ),
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('a header in another order, signed, with gaps and constants', {
    header: `<composite name="odd"><type name="version" primitiveType="int8"/><type name="templateId" primitiveType="int16" offset="3"/>
      <type name="more" primitiveType="uint64"/><type name="fixed" primitiveType="uint16" presence="constant">9</type>
      <type name="schemaId" primitiveType="int32" offset="16"/><type name="blockLength" primitiveType="uint16"/></composite>`,
    types: SHARED,
    messages: message(`${field('price', 1, 'Decimal')}${field('side', 2, 'Side')}`, 32_767),
    attributes: 'headerType="odd" byteOrder="bigEndian"',
  }),
]
