import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readIr } from '../../src/index.ts'
import { Comparison, FACTOR, FIXED_SEED, RANDOM_SEED } from './compare.ts'
import type { Subject } from './compare.ts'
import { CONSTRUCTS } from './constructs.ts'
import { ODD_CONSTRUCTS } from './odd-constructs.ts'
import type { Construct } from './schema-text.ts'
import { generateInto, loadCodecs, OurCodec } from './our-codec.ts'
import { Reference } from './reference.ts'
import type { ReferenceAnswer } from './reference.ts'
import { messageShapes } from './shape.ts'

/** Of each seed and message. */
const COUNT = 1000 * FACTOR
const ALL = [...CONSTRUCTS, ...ODD_CONSTRUCTS]

async function subjectOf(reference: Reference, { name, xml }: Construct, index: number): Promise<Subject> {
  const folder = join(reference.folder, `construct${index}`)
  const path = join(folder, 'schema.xml')
  const code = join(folder, 'gen')
  mkdirSync(folder)
  writeFileSync(path, xml)
  generateInto(code, xml, path)
  const ir = readIr(xml, path)
  const exported = await loadCodecs(code, readdirSync(code))
  const header = ir.header[0]?.typeName ?? ''
  const codecs = messageShapes(ir).map((shape) => new OurCodec(exported, shape, header))
  return { name, schema: reference.addSchema(path), codecs }
}

test('every construct has the bytes of the reference, both ways', async () => {
  using reference = new Reference()
  console.log(`SBE_CONFORMANCE_SEED=${RANDOM_SEED} repeats the random part, next to seed ${FIXED_SEED}`)
  const comparison = new Comparison(reference)
  for (const [index, one] of ALL.entries()) {
    const subject = await subjectOf(reference, one, index)
    comparison.add(subject, FIXED_SEED, COUNT)
    comparison.add(subject, RANDOM_SEED, COUNT)
  }
  const result = await reference.run()
  const counts = comparison.check(result)
  expect([...counts.keys()]).toEqual(ALL.map(({ name }) => name))
  expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(2 * COUNT)

  // The comparison sees a single wrong bit in any answer.
  const last = comparison.length - 1
  for (const part of ['encoded', 'decoded', 'again'] as const) {
    const answers = [...result.answers]
    const bytes = Uint8Array.from(answers[last]?.[part] ?? [])
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    answers[last] = { ...(answers[last] as ReferenceAnswer), [part]: bytes }
    expect(() => comparison.check({ ...result, answers }, last)).toThrow(
      part === 'decoded' ? 'decodes' : 'encodes',
    )
  }
}, 600_000)
