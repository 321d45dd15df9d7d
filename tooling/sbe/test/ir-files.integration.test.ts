import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { aeronJar, mavenJar, runJava, SBE_ARTIFACT } from '@x/aeron-tooling'
import { generateFromIr, readIrFile, readSbeir, writeSbeir, type Ir, type Token } from '@x/sbe-tool'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const OURS = ['archive', 'archive-mark', 'cluster', 'cluster-mark', 'node-state']
const IN_AERON_JAR = /^(archive|cluster)\/aeron-.*-codecs\.xml$/
const JAR_SCHEMAS = [
  'aeron-archive-codecs',
  'aeron-archive-mark-codecs',
  'aeron-cluster-codecs',
  'aeron-cluster-mark-codecs',
  'aeron-cluster-node-state-codecs',
]
const SCHEMAS = [...OURS, ...JAR_SCHEMAS, 'sbe-ir', 'everything', 'everything-big-endian', 'odd']

let folder: string
let irs: ReadonlyMap<string, Buffer>

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sbe-ir-'))
  for (const name of OURS)
    cpSync(path(`../../../packages/codecs/schema/${name}.xml`), join(folder, `${name}.xml`))
  cpSync(path('schemas'), folder, { recursive: true })
  const everything = readFileSync(join(folder, 'everything.xml'), 'utf8')
  const bigEndian = everything.replace('"littleEndian"', '"bigEndian"')
  writeFileSync(join(folder, 'everything-big-endian.xml'), bigEndian)
  const sbeJar = await mavenJar(SBE_ARTIFACT)
  unpack(await aeronJar(), IN_AERON_JAR)
  unpack(sbeJar, /^sbe-ir\.xml$/)

  const out = join(folder, 'ir')
  mkdirSync(out)
  const { output, code } = await runJava('uk.co.real_logic.sbe.SbeTool', {
    classPath: [sbeJar],
    args: SCHEMAS.map((name) => join(folder, `${name}.xml`)),
    properties: {
      'sbe.generate.stubs': 'false',
      'sbe.generate.ir': 'true',
      'sbe.xinclude.aware': 'true',
      'sbe.output.dir': out,
    },
  })
  if (code !== 0) throw new Error(`Cannot compare: SBE's own tool ended with ${code}:\n${output}`)
  irs = new Map(readdirSync(out).map((name) => [name.replace('.sbeir', ''), readFileSync(join(out, name))]))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function unpack(jar: string, which: RegExp): void {
  const entries = unzipSync(readFileSync(jar), { filter: ({ name }) => which.test(name) })
  for (const [name, bytes] of Object.entries(entries)) {
    writeFileSync(join(folder, name.replace(/^.*\//, '')), bytes)
  }
}

function theirs(name: string): Buffer {
  const bytes = irs.get(name)
  if (bytes === undefined) throw new Error(`Cannot compare ${name}: the reference tool wrote no IR file`)
  return bytes
}

function byId(ir: Ir): Ir {
  return { ...ir, messages: ir.messages.toSorted((a, b) => (a[0]?.id ?? 0) - (b[0]?.id ?? 0)) }
}

/** The tokens of the header and of the messages, without what an IR file does not have. */
function comparable(ir: Ir): object[] {
  let depth = 0
  return [ir.header, ...byId(ir).messages].flat().map((part: Token) => {
    const token = { ...part, sinceVersion: 0, file: '', line: 0 }
    if (token.signal === 'END_COMPOSITE') depth--
    const isMember = depth > 0 && token.signal === 'ENCODING'
    if (token.signal === 'BEGIN_COMPOSITE') depth++
    return isMember ? { ...token, semanticType: undefined } : token
  })
}

describe.each(SCHEMAS)('%s', (name) => {
  test('gives the same IR file as the reference tool writes, byte for byte', () => {
    const ours = writeSbeir(readIrFile(join(folder, `${name}.xml`)))
    expect(Buffer.from(ours).equals(theirs(name))).toBe(true)
  })

  test('the IR file of the reference tool gives the same tokens as the XML', () => {
    const ir = readSbeir(theirs(name), `${name}.sbeir`)
    expect(comparable(ir)).toEqual(comparable(readIrFile(join(folder, `${name}.xml`))))
    expect(Buffer.from(writeSbeir(ir)).equals(theirs(name))).toBe(true)
  })
})

test.each(OURS)('the IR file of %s gives the same code as the XML', (name) => {
  const first = (text: string): string => text.slice(text.indexOf('\n'))
  // The file has the messages in the order of a hash table.
  const xml = byId(readIrFile(join(folder, `${name}.xml`)))
  const fromXml = new Map(generateFromIr(xml, 'a.xml').map(({ name: file, text }) => [file, first(text)]))
  const fromIr = generateFromIr(byId(readSbeir(theirs(name), 'a.sbeir')), 'a.sbeir')
  expect(fromIr.length).toBeGreaterThan(4)
  for (const { name: file, text } of fromIr) expect([file, first(text)]).toEqual([file, fromXml.get(file)])
})
