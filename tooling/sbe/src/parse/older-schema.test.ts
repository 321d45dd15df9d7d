import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Ir } from '../ir/token.ts'
import { readIr, readIrFile } from '../read-ir.ts'
import { schema } from '../../test/small-schema.ts'

const FILE = fileURLToPath(new URL('../../test/schemas/everything.xml', import.meta.url))

const older = (schemaVersion: number): Ir => readIrFile(FILE, { schemaVersion })
const names = (ir: Ir): string[] => ir.messages.flat().map(({ name }) => name)

test('an older version has nothing newer: messages, fields, groups, data, values, choices, members', () => {
  const ir = older(1)
  expect(ir.version).toBe(1)
  expect([...ir.header, ...ir.types.flat(), ...ir.messages.flat()].every(({ version }) => version <= 1)).toBe(
    true,
  )
  const all = names(ir)
  for (const newer of ['Third', 'nested', 'inner', 'text', 'level', 'SELL']) expect(all).not.toContain(newer)
  expect(all).toContain('far')
})

test('the newest version is the schema itself, and what is kept keeps its place', () => {
  expect(older(5)).toEqual(readIrFile(FILE))
  const offsets = (ir: Ir): Map<string, number> =>
    new Map(
      ir.messages[0]
        ?.filter(({ signal }) => signal === 'BEGIN_FIELD')
        .map(({ name, offset }) => [name, offset]),
    )
  const now = offsets(readIrFile(FILE))
  for (const [name, offset] of offsets(older(0))) expect([name, offset]).toEqual([name, now.get(name)])
})

test('a block is as long as its fields were, unless the schema says more', () => {
  expect(older(0).messages[0]?.[0]?.encodedLength).toBe(220)
  const text = readFileSync(FILE, 'utf8').replace(' blockLength="220"', '')
  expect(text).not.toContain('"220"')
})

test('a constant behind what came later takes no room', () => {
  const constant = '<type name="fixed" primitiveType="uint8" presence="constant">7</type>'
  const text = schema(
    `<composite name="C"><type name="a" primitiveType="uint8"/><type name="b" primitiveType="int32" sinceVersion="2"/>${constant}</composite>${constant}`,
    '<field name="c" id="1" type="C"/><field name="d" id="2" type="int32" sinceVersion="2"/><field name="e" id="3" type="fixed"/>',
  )
  const { types, messages } = readIr(text, 'a.xml', { schemaVersion: 1 })
  expect(types.flat().find(({ name }) => name === 'C')?.encodedLength).toBe(1)
  expect(messages[0]?.[0]?.encodedLength).toBe(1)
})

test('a version that the schema does not have is refused', () => {
  expect(() => older(6)).toThrow('the schema is version 5; ask for a version from 0 to 5')
  expect(() => older(1.5)).toThrow('ask for a version from 0 to 5')
})

test('an enum value that came after a constant of it stays, as in the reference tool', () => {
  const side =
    '<enum name="E" encodingType="char"><validValue name="A">A</validValue><validValue name="B" sinceVersion="2">B</validValue></enum>'
  const constant = '<field name="c" id="1" type="E" presence="constant" valueRef="E.B"/>'
  const valuesIn = (body: string): (string | undefined)[] => {
    const { types } = readIr(schema(side, body), 'a.xml', { schemaVersion: 1 })
    const values = types.find(([first]) => first?.name === 'E') ?? []
    return values.slice(1, -1).map(({ name }) => name)
  }
  const group = `<group name="g" id="2" dimensionType="groupSizeEncoding">${constant}</group>`
  const other = '<field name="d" id="3" type="E"/>'
  expect([constant, group, other].map(valuesIn)).toEqual([['A', 'B'], ['A', 'B'], ['A']])
})
