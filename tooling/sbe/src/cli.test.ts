import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from './cli.ts'

const SCHEMA = `<messageSchema package="p" id="1" version="0"><types><composite name="messageHeader">
<type name="blockLength" primitiveType="uint16"/><type name="templateId" primitiveType="uint16"/>
<type name="schemaId" primitiveType="uint16"/><type name="version" primitiveType="uint16"/></composite></types>
<message name="M" id="1"><field name="a" id="1" type="int64"/></message></messageSchema>`

let folder: string
let lines: string[]
const cli = (...argv: string[]): number => run(argv, (line) => lines.push(line))

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sbe-ts-'))
  lines = []
  writeFileSync(join(folder, 'a.xml'), SCHEMA)
})
afterEach(() => rmSync(folder, { recursive: true }))

test('generate writes, is idle the second time, and removes what is no longer generated', () => {
  const [schema, out] = [join(folder, 'a.xml'), join(folder, 'gen')]
  expect(cli('generate', schema, '--out', out, '--check')).toBe(1)
  expect(existsSync(out)).toBe(false)
  expect(cli('generate', schema, '--out', out, '--number-fields', 'a')).toBe(0)
  expect(readdirSync(out)).toHaveLength(5)
  expect(cli('generate', schema, '--out', out, '--number-fields', 'a', '--check')).toBe(0)
  expect(lines.at(-1)).toContain('5 files, 5 changed')
  expect(cli('generate', schema, '--out', out, '--check')).toBe(1)
  expect(lines.join()).toContain('m-decoder.ts: changed')
  writeFileSync(schema, SCHEMA.replace('name="M"', 'name="N"'))
  expect(cli('generate', schema, '--out', out)).toBe(0)
  expect(readdirSync(out)).toEqual([
    'message-dispatcher.ts',
    'message-header-decoder.ts',
    'message-header-encoder.ts',
    'n-decoder.ts',
    'n-encoder.ts',
  ])
})

test('a file that is not generated is left alone', () => {
  const out = join(folder, 'gen')
  expect(cli('generate', join(folder, 'a.xml'), '--out', out)).toBe(0)
  writeFileSync(join(out, 'mine.ts'), '// mine')
  expect(cli('generate', join(folder, 'a.xml'), '--out', out)).toBe(1)
  expect(lines.at(-1)).toContain('what is not a generated file: mine.ts')
  expect(readdirSync(out)).toContain('mine.ts')
})

test('errors: wrong arguments are 2, a schema that is missing or wrong is 1', () => {
  expect(cli('generate')).toBe(2)
  expect(cli('generate', join(folder, 'none.xml'), '--out', folder)).toBe(1)
  writeFileSync(join(folder, 'a.xml'), SCHEMA.replace('int64', 'int65'))
  expect(cli('generate', join(folder, 'a.xml'), '--out', join(folder, 'gen'))).toBe(1)
  expect(lines.at(-1)).toContain('a.xml:4: Cannot use the schema: type "int65" is not declared')
})
