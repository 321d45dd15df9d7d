import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readIr } from '../../src/index.ts'
import { jarSchemas, ourCodecFolder, ourNumberFields, ourSchemaPath, PROTOCOLS } from './aeron-schemas.ts'
import { Comparison, FACTOR, FIXED_SEED, RANDOM_SEED } from './compare.ts'
import type { Subject } from './compare.ts'
import { generateInto, loadCodecs, OurCodec } from './our-codec.ts'
import { Reference } from './reference.ts'
import { messageShapes } from './shape.ts'

/** Of each seed and message; there are some 240 messages. */
const COUNT = 60 * FACTOR

const reference = new Reference()
afterAll(() => reference[Symbol.dispose]())

async function subjectOf(
  name: string,
  path: string,
  code: string,
  numberFields: readonly string[],
): Promise<Subject> {
  const ir = readIr(readFileSync(path, 'utf8'), path)
  const exported = await loadCodecs(code, readdirSync(code))
  const header = ir.header[0]?.typeName ?? ''
  const codecs = messageShapes(ir, numberFields).map((shape) => new OurCodec(exported, shape, header))
  return { name, schema: reference.addSchema(path), codecs }
}

/** The codecs of one schema of the jar. */
interface JarCodecs {
  readonly name: string
  readonly path: string
  readonly code: string
}

/** Writes the schemas of the jar as they are, and generates from them. */
async function generateFromJar(): Promise<JarCodecs[]> {
  const schemas = await jarSchemas()
  return PROTOCOLS.map((protocol) => {
    const xml = schemas.get(protocol.path)
    if (xml === undefined) throw new Error(`Cannot compare ${protocol.name}: the jar has no ${protocol.path}`)
    const folder = join(reference.folder, protocol.name)
    const path = join(folder, 'schema.xml')
    mkdirSync(folder)
    writeFileSync(path, xml)
    generateInto(join(folder, 'gen'), xml, path)
    return { name: protocol.name, path, code: join(folder, 'gen') }
  })
}

let jar: readonly JarCodecs[] = []

test('the schemas of the jar generate unchanged, and type-check under the strictest options', async () => {
  jar = await generateFromJar()
  const config = {
    extends: fileURLToPath(new URL('../../../tsconfig/lib.json', import.meta.url)),
    include: jar.map(({ code }) => code),
    compilerOptions: {
      // Beyond those of the workspace.
      allowUnreachableCode: false,
      allowUnusedLabels: false,
      noImplicitAny: true,
      noPropertyAccessFromIndexSignature: true,
      noUncheckedSideEffectImports: true,
      // The runtime is named by an absolute path here.
      rewriteRelativeImportExtensions: false,
      types: [],
      // A browser: no types of Node.js.
      lib: ['ES2023', 'DOM'],
      skipLibCheck: false,
    },
  }
  writeFileSync(join(reference.folder, 'package.json'), '{ "type": "module" }')
  const project = join(reference.folder, 'tsconfig.json')
  writeFileSync(project, JSON.stringify(config))
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' })
  expect(stdout).toBe('')
}, 180_000)

test('every message of every protocol has the bytes of the reference, both ways', async () => {
  const comparison = new Comparison(reference)
  for (const { name, path, code } of jar) {
    const subject = await subjectOf(`${name} of the jar`, path, code, [])
    comparison.add(subject, FIXED_SEED, COUNT)
    comparison.add(subject, RANDOM_SEED, COUNT)
  }
  console.log(`SBE_CONFORMANCE_SEED=${RANDOM_SEED} repeats the random part, next to seed ${FIXED_SEED}`)
  for (const protocol of PROTOCOLS) {
    const { name } = protocol
    const numberFields = await ourNumberFields(protocol)
    const subject = await subjectOf(
      `our ${name}`,
      ourSchemaPath(protocol),
      ourCodecFolder(protocol),
      numberFields,
    )
    comparison.add(subject, FIXED_SEED, COUNT)
    comparison.add(subject, RANDOM_SEED, COUNT)
  }
  const counts = comparison.check(await reference.run())
  expect(counts.size).toBe(2 * PROTOCOLS.length)
}, 600_000)
