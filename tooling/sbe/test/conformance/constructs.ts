import {
  construct,
  enumOf,
  field,
  fields,
  INTEGERS,
  MAX,
  message,
  PRIMITIVES,
  setOf,
  types,
  varData,
} from './schema-text.ts'
import type { Construct } from './schema-text.ts'

const ALL_PRIMITIVES = message(fields(PRIMITIVES))

const ARRAYS = types(
  PRIMITIVES.filter((type) => type !== 'char'),
  (type) => `<type name="${type}Array" primitiveType="${type}" length="3"/>`,
)
const ALL_ARRAYS = message(fields(PRIMITIVES.filter((type) => type !== 'char').map((type) => `${type}Array`)))

const DECIMAL = `<composite name="Decimal"><type name="mantissa" primitiveType="int64"/><type name="exponent" primitiveType="int8"/></composite>`

const COMPOSITES = `${DECIMAL}
${enumOf('Side', 'char', ['B', 'S'])}
${setOf('Flags', 'uint16', [0, 3, 15])}
<composite name="Quote">
  <ref name="bid" type="Decimal"/>
  <ref name="ask" type="Decimal" offset="12"/>
  <type name="currency" primitiveType="char" length="3"/>
  <type name="levels" primitiveType="uint16" length="4"/>
  <ref name="side" type="Side"/>
  <ref name="flags" type="Flags"/>
  <type name="fixed" primitiveType="uint8" presence="constant">7</type>
  <composite name="inner">
    <type name="low" primitiveType="float"/>
    <type name="high" primitiveType="double" offset="8"/>
    <enum name="Kind" encodingType="uint8"><validValue name="A">1</validValue><validValue name="Z">26</validValue></enum>
    <set name="Bits" encodingType="uint8"><choice name="one">0</choice><choice name="eight">7</choice></set>
  </composite>
</composite>`
const COMPOSITE_MESSAGE = message(
  field('first', 1, 'Quote') + field('second', 2, 'Quote') + field('price', 3, 'Decimal'),
)

const NESTED = `<group name="outer" id="10" dimensionType="groupSizeEncoding">
  ${field('a', 11, 'uint32')}
  <group name="middle" id="12">
    ${field('b', 13, 'int16')}
    <group name="inner" id="14">${field('c', 15, 'uint8')}<data name="innerText" id="16" type="text"/></group>
    <data name="middleBlob" id="17" type="blob"/>
  </group>
  <group name="sibling" id="18">${field('d', 19, 'double')}</group>
  <data name="outerText" id="20" type="text"/>
  <data name="outerBlob" id="21" type="blob"/>
</group>
<group name="last" id="22">${field('e', 23, 'int8')}</group>`
const NESTED_TYPES =
  varData('text', 'uint16', 'uint8', 'characterEncoding="UTF-8"') + varData('blob', 'uint8', 'uint8')

const DIMENSION_TYPES = [
  ['uint8', 'uint8'],
  ['uint16', 'uint8'],
  ['uint8', 'uint16'],
  ['uint32', 'uint16'],
  ['uint32', 'uint32'],
] as const

const TEXT_ENCODINGS = ['US-ASCII', 'UTF-8', 'ISO-8859-1']

const OPTIONAL_NULLS: readonly (readonly [string, string])[] = [
  ['char', '0'],
  ['int8', '0'],
  ['uint8', '0'],
  ['int16', '-1'],
  ['uint16', '0'],
  ['int32', '-1'],
  ['uint32', '0'],
  ['int64', '0'],
  ['uint64', '0'],
]

/** The schema in which something of every kind came later. Its newest version is 3. */
export const VERSIONS: Construct = construct('versions', {
  version: 3,
  types:
    NESTED_TYPES +
    DECIMAL +
    enumOf('Side', 'char', ['B', 'S']) +
    setOf('Flags', 'uint8', [0, 1]) +
    '<type name="symbol" primitiveType="char" length="4"/><type name="triple" primitiveType="int16" length="3"/>',
  messages:
    message(
      `${field('a', 1, 'int32')}${field('b', 2, 'uint16', 'sinceVersion="1"')}${field('c', 3, 'Side', 'sinceVersion="1"')}
      ${field('d', 4, 'Flags', 'sinceVersion="2"')}${field('e', 5, 'Decimal', 'sinceVersion="2"')}${field('s', 6, 'symbol', 'sinceVersion="3"')}
      ${field('t', 7, 'triple', 'sinceVersion="3"')}
      <group name="g" id="10">${field('x', 11, 'uint8')}${field('y', 12, 'int64', 'sinceVersion="2"')}<data name="n" id="13" type="text"/></group>
      <data name="p" id="16" type="text"/><data name="q" id="17" type="blob" sinceVersion="1"/><data name="r" id="18" type="text" sinceVersion="3"/>`,
    ) +
    // A group may come later only where no variable-length data follows: older readers would take it for that.
    message(
      `<group name="g" id="10">${field('x', 11, 'uint8')}</group>
      <group name="h" id="14" sinceVersion="3">${field('z', 15, 'Decimal')}</group>`,
      2,
    ),
})

/** The schemas, one for each construct. */
export const CONSTRUCTS: readonly Construct[] = [
  construct('primitives', { messages: ALL_PRIMITIVES }),
  construct('primitives, big endian', { messages: ALL_PRIMITIVES, attributes: 'byteOrder="bigEndian"' }),
  construct('arrays', { types: ARRAYS, messages: ALL_ARRAYS }),
  construct('arrays, big endian', {
    types: ARRAYS,
    messages: ALL_ARRAYS,
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('char arrays', {
    types:
      `<type name="plain" primitiveType="char" length="5"/><type name="two" primitiveType="char" length="2"/>` +
      types(
        TEXT_ENCODINGS,
        (charset) =>
          `<type name="${charset.replaceAll('-', '')}" primitiveType="char" length="11" characterEncoding="${charset}"/>`,
      ),
    messages: message(
      fields(['plain', 'two', ...TEXT_ENCODINGS.map((charset) => charset.replaceAll('-', ''))]),
    ),
  }),
  construct('constants', {
    types: `${types(INTEGERS, (type) => `<type name="${type}Const" primitiveType="${type}" presence="constant">42</type>`)}
      <type name="negative" primitiveType="int64" presence="constant">-9000000000000000000</type>
      <type name="half" primitiveType="float" presence="constant">0.5</type>
      <type name="third" primitiveType="double" presence="constant">0.25</type>
      <type name="letter" primitiveType="char" presence="constant">X</type>
      <type name="venue" primitiveType="char" length="4" presence="constant">XLON</type>
      ${enumOf('Side', 'char', ['B', 'S'])}${enumOf('Level', 'uint8', ['1', '9'])}
      <composite name="Priced"><type name="mantissa" primitiveType="int32"/><type name="exponent" primitiveType="int8" presence="constant">-3</type></composite>`,
    messages: message(
      fields([
        ...INTEGERS.map((type) => `${type}Const`),
        'negative',
        'half',
        'third',
        'letter',
        'venue',
        'Priced',
      ]) +
        field('side', 50, 'Side', 'presence="constant" valueRef="Side.V1"') +
        field('level', 51, 'Level', 'presence="constant" valueRef="Level.V0"') +
        field('byRef', 52, 'uint8', 'presence="constant" valueRef="Level.V1"') +
        field('after', 53, 'uint32'),
    ),
  }),
  construct('optional fields', {
    types: types(
      PRIMITIVES,
      (type) => `<type name="${type}Opt" primitiveType="${type}" presence="optional"/>`,
    ),
    messages:
      message(fields(PRIMITIVES.map((type) => `${type}Opt`))) +
      message(
        PRIMITIVES.map((type, index) => field(`f${index}`, index + 1, type, 'presence="optional"')).join(''),
        2,
      ),
  }),
  construct('own null values, least and greatest values', {
    types: OPTIONAL_NULLS.map(
      ([type, value]) =>
        `<type name="${type}Null" primitiveType="${type}" presence="optional" nullValue="${value}" ${type === 'char' ? 'minValue="A" maxValue="Z"' : 'minValue="1" maxValue="100"'}/>`,
    ).join(''),
    messages: message(fields(OPTIONAL_NULLS.map(([type]) => `${type}Null`))),
  }),
  // No uint32 or wider: the reference's Java for those does not compile.
  construct('enums', {
    types:
      enumOf('CharEnum', 'char', ['A', 'z', '0']) +
      enumOf('Int8Enum', 'int8', ['-127', '0', '127']) +
      enumOf('Uint8Enum', 'uint8', ['0', '1', '254']) +
      enumOf('Int16Enum', 'int16', ['-5', '1000']) +
      enumOf('Uint16Enum', 'uint16', ['0', '65534']) +
      enumOf('Int32Enum', 'int32', ['0', '1', '-1', '2147483647']) +
      `<type name="code" primitiveType="uint8"/>` +
      enumOf('NamedEnum', 'code', ['3', '4']),
    messages:
      message(
        fields(['CharEnum', 'Int8Enum', 'Uint8Enum', 'Int16Enum', 'Uint16Enum', 'Int32Enum', 'NamedEnum']),
      ) + message(field('o', 1, 'Int32Enum', 'presence="optional"'), 2),
  }),
  construct('enums, big endian', {
    types: enumOf('Uint16Enum', 'uint16', ['1', '513']) + enumOf('Int32Enum', 'int32', ['1', '-2']),
    messages: message(fields(['Uint16Enum', 'Int32Enum'])),
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('sets', {
    types:
      setOf('Set8', 'uint8', [0, 7]) +
      setOf('Set16', 'uint16', [1, 14, 15]) +
      setOf('Set32', 'uint32', [0, 16, 31]) +
      setOf('Set64', 'uint64', [0, 31, 32, 62, 63]),
    messages: message(fields(['Set8', 'Set16', 'Set32', 'Set64'])),
  }),
  construct('sets, big endian', {
    types:
      setOf('Set16', 'uint16', [0, 9]) +
      setOf('Set32', 'uint32', [3, 31]) +
      setOf('Set64', 'uint64', [5, 63]),
    messages: message(fields(['Set16', 'Set32', 'Set64'])),
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('composites', { types: COMPOSITES, messages: COMPOSITE_MESSAGE }),
  construct('composites, big endian', {
    types: COMPOSITES,
    messages: COMPOSITE_MESSAGE,
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('groups', {
    types: DECIMAL + enumOf('Side', 'char', ['B', 'S']) + setOf('Flags', 'uint8', [0, 1]),
    messages:
      message(
        `${field('head', 1, 'uint64')}<group name="one" id="2">${field('a', 3, 'int64')}${field('b', 4, 'Decimal')}</group>
        <group name="two" id="5">${field('s', 6, 'Side')}${field('f', 7, 'Flags')}${field('x', 8, 'float')}</group>`,
      ) + message(`<group name="only" id="2">${field('a', 3, 'uint8')}</group>`, 2),
  }),
  construct('nested groups with variable-length data', {
    types: NESTED_TYPES,
    messages: message(`${field('head', 1, 'int32')}${NESTED}<data name="tail" id="30" type="text"/>`),
  }),
  construct('nested groups, big endian', {
    types: NESTED_TYPES,
    messages: message(`${field('head', 1, 'int32')}${NESTED}<data name="tail" id="30" type="text"/>`),
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('dimension types', {
    types:
      DIMENSION_TYPES.map(
        ([block, count]) =>
          `<composite name="dim_${block}_${count}"><type name="blockLength" primitiveType="${block}" ${block === 'uint32' ? MAX : ''}/><type name="numInGroup" primitiveType="${count}" ${count === 'uint32' ? MAX : ''}/></composite>`,
      ).join('') +
      `<composite name="dimLimited"><type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="uint16" minValue="0" maxValue="3"/></composite>
      <composite name="dimPadded"><type name="blockLength" primitiveType="uint16"/><type name="numInGroup" primitiveType="uint8" offset="4"/></composite>`,
    messages: message(
      [...DIMENSION_TYPES.map((pair) => `dim_${pair.join('_')}`), 'dimLimited', 'dimPadded']
        .map(
          (type, index) =>
            `<group name="g${index}" id="${index + 1}" dimensionType="${type}">${field('a', 100 + index, 'int32')}</group>`,
        )
        .join(''),
    ),
  }),
  construct('variable-length data', {
    types:
      ['uint8', 'uint16', 'uint32']
        .flatMap((length) => [
          varData(`${length}Utf8`, length, 'uint8', 'characterEncoding="UTF-8"'),
          varData(`${length}Ascii`, length, 'char', 'characterEncoding="US-ASCII"'),
          varData(`${length}Latin`, length, 'uint8', 'characterEncoding="ISO-8859-1"'),
          varData(`${length}Char`, length, 'char'),
          varData(`${length}Bytes`, length, 'uint8'),
          varData(`${length}Signed`, length, 'int8'),
        ])
        .join('') + varData('limited', 'uint32', 'uint8', '', 'maxValue="300"'),
    messages: message(
      ['uint8', 'uint16', 'uint32']
        .flatMap((length) =>
          ['Utf8', 'Ascii', 'Latin', 'Char', 'Bytes', 'Signed'].map((kind) => length + kind),
        )
        .concat('limited')
        .map((type, index) => `<data name="d${index}" id="${index + 1}" type="${type}"/>`)
        .join(''),
    ),
  }),
  construct('variable-length data in UTF-16', {
    types: ['UTF-16', 'UTF-16BE', 'UTF-16LE']
      .map((charset) =>
        varData(charset.replace('-', ''), 'uint16', 'uint8', `characterEncoding="${charset}"`),
      )
      .join(''),
    messages: message(
      ['UTF16', 'UTF16BE', 'UTF16LE']
        .map((type, index) => `<data name="d${index}" id="${index + 1}" type="${type}"/>`)
        .join(''),
    ),
  }),
  construct('variable-length data, big endian', {
    types:
      varData('a', 'uint16', 'uint8', 'characterEncoding="UTF-8"') +
      varData('b', 'uint32', 'uint8') +
      varData('c', 'uint8', 'char'),
    messages: message(
      `${field('x', 1, 'int16')}<data name="one" id="2" type="a"/><data name="two" id="3" type="b"/><data name="three" id="4" type="c"/>`,
    ),
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('explicit offsets and block lengths', {
    types: varData('blob', 'uint8', 'uint8'),
    messages:
      message(
        `${field('a', 1, 'uint8', 'offset="3"')}${field('b', 2, 'uint64', 'offset="8"')}${field('c', 3, 'uint16')}
        <group name="g" id="4" blockLength="24">${field('d', 5, 'uint8', 'offset="2"')}${field('e', 6, 'uint32', 'offset="12"')}</group>
        <data name="z" id="7" type="blob"/>`,
        1,
        'blockLength="40"',
      ) + message(field('a', 1, 'uint16'), 2, 'blockLength="2"'),
  }),
  construct('names that are operators', {
    types: `${varData('blob', 'uint8', 'uint8')}<composite name="Pair"><type name="in" primitiveType="uint8"/></composite>`,
    messages: message(
      `${field('instanceof', 20, 'Pair')}<group name="in" id="1">${field('of', 2, 'uint8')}<group name="instanceof" id="3">${field('typeof', 4, 'uint8')}</group></group>
      <group name="get" id="5">${field('set', 6, 'uint8')}</group><group name="static" id="7">${field('async', 8, 'uint8')}</group>
      <data name="of" id="9" type="blob"/>`,
    ),
  }),
  construct('composites with gaps, groups without a block, text of 254 bytes', {
    types: `<composite name="Gap"><type name="a" primitiveType="uint8"/><type name="b" primitiveType="uint32" offset="7"/></composite>
      <type name="triple" primitiveType="int32" length="3" presence="optional"/>
      <type name="code" primitiveType="char" length="6" presence="optional"/>
      ${setOf('Set64', 'uint64', [0, 63])}
      ${varData('text', 'uint8', 'uint8', 'characterEncoding="US-ASCII"')}`,
    messages: message(
      `${field('g', 1, 'Gap')}${field('t', 2, 'triple')}${field('c', 3, 'code')}${field('s', 4, 'Set64')}
      <group name="onlyData" id="10"><data name="d" id="11" type="text"/></group>
      <group name="onlyGroups" id="12"><group name="inner" id="13"><data name="e" id="14" type="text"/></group></group>
      <data name="z" id="15" type="text"/>`,
    ),
    attributes: 'byteOrder="bigEndian"',
  }),
  construct('messages without fields', {
    types: varData('blob', 'uint8', 'uint8'),
    messages:
      message('') + message('<data name="z" id="1" type="blob"/>', 2) + message('', 3, 'blockLength="16"'),
  }),
  construct('a header with other types and further fields', {
    header: `<composite name="frame"><type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint8"/>
      <type name="schemaId" primitiveType="uint16" offset="4"/><type name="version" primitiveType="uint8"/><type name="padding" primitiveType="uint32" offset="12"/></composite>`,
    attributes: 'headerType="frame"',
    messages: ALL_PRIMITIVES,
  }),
  VERSIONS,
  construct('names', {
    types: `${varData('blob', 'uint8', 'uint8')}${enumOf('snake_enum', 'uint8', ['1', '2'])}
      <composite name="snake_composite"><type name="Upper" primitiveType="uint8"/><type name="value" primitiveType="uint8"/></composite>`,
    messages: message(
      [
        'class',
        'delete',
        'new',
        'this',
        'return',
        'let',
        'await',
        'arguments',
        'constructor',
        'prototype',
        'name',
        'toString',
      ]
        .filter((name) => !['toString', 'constructor'].includes(name))
        .map((name, index) => field(name, index + 1, 'uint8'))
        .join('') +
        `${field('Upper_snake', 40, 'snake_enum')}${field('parts', 41, 'snake_composite')}
        <group name="Legs" id="50">${field('default', 51, 'uint8')}</group><data name="Blob_Data" id="52" type="blob"/>`,
    ),
  }),
]
