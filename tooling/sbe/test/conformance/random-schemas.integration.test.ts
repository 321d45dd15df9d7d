import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { decodeJson, generate, readIr, type Ir } from '../../src/index.ts'
import {
  Comparison,
  describeValues,
  encodeOurs,
  equal,
  FACTOR,
  FIXED_SEED,
  RANDOM_SEED,
  toStream,
} from './compare.ts'
import { generateInto, loadCodecs, OurCodec } from './our-codec.ts'
import { project } from './project.ts'
import { NEWEST, randomSchema } from './random-schema.ts'
import { Reference } from './reference.ts'
import { messageShapes } from './shape.ts'
import { Random, randomBody } from './values.ts'

/** Schemas of each seed. */
const SCHEMAS = FACTOR
/** Messages of each writer for each reader. */
const COUNT = 8

const CODECS = fileURLToPath(new URL('../../../../packages/codecs', import.meta.url))

interface Decoder {
  wrapAndApplyHeader(buffer: Uint8Array, offset: number, header: object, length: number): this
  toJSON(): object
  toObject(): object
}

interface Encoder {
  wrapAndApplyHeader(buffer: Uint8Array, offset: number, header: object): this
  fromObject(object: object): this
  readonly encodedLength: number
}

/** One version of a random schema. */
interface Version {
  readonly name: string
  readonly path: string
  readonly ir: Ir
  readonly codecs: readonly OurCodec[]
  create<T>(className: string): T
}

async function versionOf(folder: string, seed: number, version: number): Promise<Version> {
  const name = `random schema ${seed}, version ${version}`
  const own = join(folder, `${seed}-${version}`)
  const [path, code] = [join(own, 'schema.xml'), join(own, 'gen')]
  mkdirSync(own)
  const xml = randomSchema(seed)(version)
  writeFileSync(path, xml)
  const options = { objects: true, precedenceChecks: seed % 2 === 0 }
  generateInto(code, xml, path, options)
  checkOlder(seed, version, path)
  const ir = readIr(xml, path)
  const exported = await loadCodecs(code, readdirSync(code))
  const codecs = messageShapes(ir).map((shape) => new OurCodec(exported, shape, 'messageHeader'))
  const create = <T>(className: string): T => new (exported[className] as new () => T)()
  return { name, path, ir, codecs, create }
}

/** The newest schema, asked for an older version, gives the code of the older schema. */
function checkOlder(seed: number, version: number, path: string): void {
  const older = new Map(
    generate(randomSchema(seed)(NEWEST), path, { schemaVersion: version }).map(({ name, text }) => [
      name,
      text,
    ]),
  )
  for (const { name, text } of generate(randomSchema(seed)(version), path)) {
    expect([seed, version, name, older.get(name)]).toEqual([seed, version, name, text])
  }
}

/** Reads a message of a writer in every way, and compares with what the reader has to see. */
function checkReading(writer: Version, reader: Version, codec: OurCodec, random: Random): void {
  const other = reader.codecs.find(({ shape }) => shape.id === codec.shape.id) as OurCodec
  const { body, name } = other.shape
  const value = randomBody(random, codec.shape.body, false)
  const message = encodeOurs(codec, value, { asBytes: false, fill: random.below(256), offset: 0 })
  const where = `message ${name} of ${writer.name} read by ${reader.name}`
  const read = toStream(other.shape, other.decode(message, 0, message.length, false))
  const expected = toStream(other.shape, project(value, codec.shape.body, body, false))
  if (!equal(read, expected)) {
    const [ours, theirs] = [read, expected].map((values) => describeValues(other.shape, values, false))
    throw new Error(`${where}: ${ours} for ${theirs}`)
  }
  const decoder = reader.create<Decoder>(`${name}Decoder`)
  const header = reader.create<object>('MessageHeaderDecoder')
  decoder.wrapAndApplyHeader(message, 0, header, message.length)
  const json = decoder.toJSON()
  expect([where, decodeJson(reader.ir, message).fields]).toEqual([where, json])
  if (writer === reader) checkObject(reader, name, decoder)
}

/** A plain object of a message makes a message of the same values. */
function checkObject(version: Version, name: string, decoder: Decoder): void {
  const buffer = new Uint8Array(1 << 20)
  const encoder = version.create<Encoder>(`${name}Encoder`)
  encoder.wrapAndApplyHeader(buffer, 0, version.create('MessageHeaderEncoder')).fromObject(decoder.toObject())
  const length = 8 + encoder.encodedLength
  const again = version.create<Decoder>(`${name}Decoder`)
  again.wrapAndApplyHeader(buffer, 0, version.create('MessageHeaderDecoder'), length)
  expect([version.name, again.toJSON()]).toEqual([version.name, decoder.toJSON()])
}

/** Type-checks the code of all schemas under the strictest options. */
function checkTypes(folder: string): void {
  const config = join(folder, 'tsconfig.json')
  const strictest = join(CODECS, 'test/strictest/tsconfig.json')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(config, JSON.stringify({ extends: strictest, include: ['*/gen/*.ts'], exclude: [] }))
  const { status, stdout } = spawnSync(join(CODECS, 'node_modules/.bin/tsc'), ['-p', config], {
    encoding: 'utf8',
  })
  expect([stdout, status]).toEqual(['', 0])
}

test('random schemas: the bytes are those of the reference, and every version reads what every other writes', async () => {
  using reference = new Reference()
  console.log(`SBE_CONFORMANCE_SEED=${RANDOM_SEED} repeats the random part, next to seed ${FIXED_SEED}`)
  const comparison = new Comparison(reference)
  const seeds = [FIXED_SEED, RANDOM_SEED].flatMap((seed) =>
    Array.from({ length: SCHEMAS }, (_, index) => seed + index),
  )
  for (const seed of seeds) {
    const versions: Version[] = []
    for (let version = 0; version <= NEWEST; version++) {
      versions.push(await versionOf(reference.folder, seed, version))
    }
    const newest = versions[NEWEST] as Version
    comparison.add({ ...newest, schema: reference.addSchema(newest.path) }, seed, 4 * COUNT)
    const random = new Random(seed)
    for (const writer of versions) {
      for (const reader of versions) {
        for (const codec of writer.codecs) {
          for (let i = 0; i < COUNT; i++) checkReading(writer, reader, codec, random)
        }
      }
    }
  }
  checkTypes(reference.folder)
  const counts = comparison.check(await reference.run())
  expect(counts.size).toBe(seeds.length)
}, 600_000)
