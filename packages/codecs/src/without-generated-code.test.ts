import { fileURLToPath } from 'node:url'
import { decodeMessage, JsonListener, readIrFile, viewMessage, type BodyView, type Token } from '@x/sbe-tool'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as archive from './archive.ts'
import { AllTypesDecoder } from '../test/all-types/src/gen/all-types-decoder.ts'
import { MoreDecoder } from '../test/all-types/src/gen/more-decoder.ts'
import * as cluster from './cluster.ts'
import type { Json } from './runtime/index.ts'

interface JsonDecoder {
  wrap(bytes: Uint8Array, offset: number, blockLength: number, version: number, length?: number): unknown
  toJSON(): Json
}

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)

/** The groups and data of a body, empty: as many zeros as their lengths take. */
function emptyTail(body: BodyView, version: number): number {
  const groups = body.groups.filter(({ token }) => token.version <= version)
  const data = body.varData.filter(({ token }) => token.version <= version)
  const size = (token: Token): number => token.encodedLength
  return (
    groups.reduce((sum, { headerLength }) => sum + headerLength, 0) +
    data.reduce((sum, { length }) => sum + size(length), 0)
  )
}

/** The block with small 64-bit integers: generated code refuses some that are not exact as a number. */
function withSafeIntegers(block: Uint8Array, tokens: readonly Token[]): Uint8Array {
  for (const [index, { signal, offset }] of tokens.entries()) {
    const encoding = tokens[index + 1]?.encoding
    if (signal !== 'BEGIN_FIELD' || encoding?.primitiveType.endsWith('64') !== true) continue
    const high = encoding.littleEndian ? offset + 4 : offset
    block.fill(0, high, high + 4)
  }
  return block
}

/** All values as text: a field that is a number in generated code is a bigint without. */
const asText = (json: unknown): unknown =>
  JSON.parse(JSON.stringify(json, (_, value: unknown) => (typeof value === 'number' ? String(value) : value)))

describe.each([
  ['schema/archive.xml', archive],
  ['schema/cluster.xml', cluster],
  ['test/all-types/schema.xml', { AllTypesDecoder, MoreDecoder }],
] as const)(`%s, decoded without generated code (seed ${SEED})`, (name, codecs) => {
  const ir = readIrFile(fileURLToPath(new URL(`../${name}`, import.meta.url)))
  const decoders = codecs as unknown as Readonly<Record<string, new () => JsonDecoder>>

  const messages = ir.messages.map((tokens) => [tokens[0]?.name ?? '', tokens] as const)
  const isHere = ([message]: readonly [string, unknown]): boolean =>
    name.startsWith('schema/') || `${message}Decoder` in codecs

  test.each(messages.filter(isHere))('%s is what the generated decoder says', (message, tokens) => {
    const className = `${message.charAt(0).toUpperCase()}${message.slice(1)}Decoder`
    const Decoder = decoders[className]
    if (Decoder === undefined) throw new Error(`Cannot compare: there is no ${className}`)
    const blockLength = tokens[0]?.encodedLength ?? 0
    const length = blockLength + emptyTail(viewMessage(tokens), ir.version)
    const check = (block: Uint8Array): void => {
      const bytes = new Uint8Array(length)
      bytes.set(block)
      const decoder = new Decoder()
      decoder.wrap(bytes, 0, blockLength, ir.version, length)
      const listener = new JsonListener()
      const end = decodeMessage(bytes, 0, tokens, { blockLength, version: ir.version }, listener)
      expect(end).toBe(length)
      expect(asText(listener.message)).toEqual(asText(decoder.toJSON()))
    }
    const byte = fc.nat(255)
    const block = fc.array(byte, { minLength: blockLength, maxLength: blockLength })
    fc.assert(
      fc.property(block, (values) => check(withSafeIntegers(Uint8Array.from(values), tokens))),
      { seed: SEED, numRuns: 50 },
    )
  })
})
