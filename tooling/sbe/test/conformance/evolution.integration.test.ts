import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readIr } from '../../src/index.ts'
import { ourSchemaPath, PROTOCOLS } from './aeron-schemas.ts'
import type { Protocol } from './aeron-schemas.ts'
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
import { VERSIONS } from './constructs.ts'
import { generateInto, loadCodecs, OurCodec } from './our-codec.ts'
import { olderSchema, project } from './project.ts'
import { Reference } from './reference.ts'
import type { ReferenceAnswer } from './reference.ts'
import { messageShapes } from './shape.ts'
import { Random, randomBody } from './values.ts'

/** Of each seed, message, writer and reader. */
const COUNT = 4 * FACTOR

/** One version of a schema: our codecs, and the number of the schema at the reference. */
interface Version {
  readonly version: number
  readonly schema: number
  readonly codecs: readonly OurCodec[]
}

/** What a reader has to make of what a writer wrote. */
interface Reading {
  readonly name: string
  readonly codec: OurCodec
  readonly message: Uint8Array
  readonly expected: Uint8Array
  readonly asBytes: boolean
}

/**
 * Both get the older schema as XML. The reference's own transformer to an older version (sbe.schema.transform.version) is of no
 * use for that: in sbe-all 1.38.1 it makes the blocks of groups 0 bytes long.
 */
async function versionOf(reference: Reference, path: string, version: number): Promise<Version> {
  const folder = join(reference.folder, `${path.replaceAll(/\W/g, '-')}-${version}`)
  mkdirSync(folder)
  const xml = olderSchema(readFileSync(path, 'utf8'), version)
  const older = join(folder, 'schema.xml')
  writeFileSync(older, xml)
  const code = join(folder, 'gen')
  generateInto(code, xml, older)
  const exported = await loadCodecs(code, readdirSync(code))
  const codecs = messageShapes(readIr(xml, older)).map(
    (shape) => new OurCodec(exported, shape, 'messageHeader'),
  )
  return { version, schema: reference.addSchema(older), codecs }
}

/** Has every message of a writer read by all readers, and by the reference's codecs of their version. */
function addReadings(
  reference: Reference,
  writer: Version,
  readers: readonly Version[],
  seed: number,
): Reading[] {
  return writer.codecs.flatMap((codec) => {
    const random = new Random(seed ^ (codec.shape.id * 0x9e3779b1) ^ writer.version)
    return Array.from({ length: COUNT }, (_, index) => {
      const place = { asBytes: index % 4 === 3, fill: random.below(256), offset: 0 }
      const value = randomBody(random, codec.shape.body, place.asBytes)
      const message = encodeOurs(codec, value, place)
      return readers.flatMap((reader): Reading[] => {
        const other = reader.codecs.find(({ shape }) => shape.id === codec.shape.id)
        if (other === undefined) return []
        const { id, body } = other.shape
        reference.add({ ...place, schema: reader.schema, templateId: id, values: undefined, message })
        const expected = toStream(other.shape, project(value, codec.shape.body, body, place.asBytes))
        const name = `${codec.shape.name} of version ${writer.version} read by version ${reader.version}`
        return [{ name, codec: other, message, expected, asBytes: place.asBytes }]
      })
    }).flat()
  })
}

function checkReading(reading: Reading, answer: ReferenceAnswer | undefined): void {
  const { name, codec, message, expected, asBytes } = reading
  const describe = (values: Uint8Array): string => describeValues(codec.shape, values, asBytes)
  const ours = toStream(codec.shape, codec.decode(message, 0, message.length, asBytes))
  if (!equal(ours, expected)) throw new Error(`${name}: we read ${describe(ours)} for ${describe(expected)}`)
  if (answer?.decoded === undefined) throw new Error(`${name}: the reference says ${answer?.error}`)
  if (!equal(answer.decoded, expected)) {
    throw new Error(`${name}: the reference reads ${describe(answer.decoded)} for ${describe(expected)}`)
  }
}

test('what every version writes, every other version reads', async () => {
  using reference = new Reference()
  console.log(`SBE_CONFORMANCE_SEED=${RANDOM_SEED} repeats the random part, next to seed ${FIXED_SEED}`)
  const constructPath = join(reference.folder, 'versions.xml')
  writeFileSync(constructPath, VERSIONS.xml)
  const cluster = PROTOCOLS.find(({ name }) => name === 'cluster') as Protocol
  const schemas: readonly (readonly [string, readonly number[]])[] = [
    [ourSchemaPath(cluster), [8, 11, 13, 14, 16, 17]],
    [constructPath, [0, 1, 2, 3]],
  ]
  const comparison = new Comparison(reference)
  const all: Version[][] = []
  for (const [path, versions] of schemas) {
    const list: Version[] = []
    for (const version of versions) list.push(await versionOf(reference, path, version))
    all.push(list)
    for (const one of list) {
      comparison.add({ name: `${path} ${one.version}`, ...one }, RANDOM_SEED, COUNT)
    }
  }
  const readings = all.flatMap((list) =>
    list.flatMap((writer) =>
      [FIXED_SEED, RANDOM_SEED].flatMap((seed) => addReadings(reference, writer, list, seed)),
    ),
  )
  const result = await reference.run()
  comparison.check(result)
  for (const [index, reading] of readings.entries()) {
    checkReading(reading, result.answers[comparison.length + index])
  }
  // Every message by every version that has it: 53 of version 8, and StandbySnapshot from 11 on; two of our own.
  const pairs = new Set(readings.map(({ name }) => name))
  expect(pairs.size).toBe(53 * 36 + 25 + 2 * 16)
}, 600_000)
