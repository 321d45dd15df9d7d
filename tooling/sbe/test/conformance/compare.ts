import { randomInt } from 'node:crypto'
import { OurCodec } from './our-codec.ts'
import type { Reference, ReferenceAnswer, ReferenceMessage, ReferenceResult } from './reference.ts'
import type { BodyShape, FieldShape, MessageShape } from './shape.ts'
import { ByteWriter, describeBytes, writeBody } from './value-stream.ts'
import { Random, randomBody } from './values.ts'
import type { BodyValue } from './values.ts'

/** The seed of every run, so that what once failed is seen again. */
export const FIXED_SEED = 20_261_123

/** A seed of this run alone; SBE_CONFORMANCE_SEED repeats one. */
export const RANDOM_SEED: number = Number(process.env['SBE_CONFORMANCE_SEED'] ?? randomInt(2 ** 31))

/** How often the usual number of values is taken: 1, or SBE_CONFORMANCE_FACTOR for a campaign. */
export const FACTOR: number = Number(process.env['SBE_CONFORMANCE_FACTOR'] ?? 1)

/** A schema whose messages are compared. */
export interface Subject {
  readonly name: string
  /** Number of the schema at the reference. */
  readonly schema: number
  readonly codecs: readonly OurCodec[]
}

interface Case {
  readonly subject: Subject
  readonly codec: OurCodec
  readonly asBytes: boolean
  readonly fill: number
  readonly offset: number
  readonly values: Uint8Array
  readonly ours: Uint8Array
}

const stream = new ByteWriter()
const buffer = new Uint8Array(1 << 20)

/** Values as bytes that can be compared. */
export function toStream(shape: MessageShape, value: BodyValue): Uint8Array {
  stream.clear()
  writeBody(stream, shape.body, value)
  return stream.toBytes()
}

/** Encodes with our codec; the buffer is filled before, so that bytes that no field covers are compared too. */
export function encodeOurs(
  codec: OurCodec,
  value: BodyValue,
  place: Pick<Case, 'asBytes' | 'fill' | 'offset'>,
): Uint8Array {
  buffer.fill(place.fill, 0, 4096)
  const length = codec.encode(buffer, place.offset, value, place.asBytes)
  if (length > 2048) {
    buffer.fill(place.fill, 0, length + place.offset)
    codec.encode(buffer, place.offset, value, place.asBytes)
  }
  return buffer.slice(place.offset, place.offset + length)
}

/** Random messages: our codecs encode them, and the reference is asked to encode the same and to decode ours. */
export class Comparison {
  readonly #reference: Reference
  readonly #cases: Case[] = []
  readonly #subjects = new Set<Subject>()

  constructor(reference: Reference) {
    this.#reference = reference
  }

  /** Adds `count` random values of every message of a subject. */
  add(subject: Subject, seed: number, count: number): void {
    this.#subjects.add(subject)
    for (const codec of subject.codecs) {
      const random = new Random(seed ^ (codec.shape.id * 0x9e3779b1))
      for (let i = 0; i < count; i++) {
        const place = { asBytes: i % 4 === 3, fill: random.below(256), offset: random.below(9) }
        const value = randomBody(random, codec.shape.body, place.asBytes)
        const values = toStream(codec.shape, value)
        const ours = encodeOurs(codec, value, place)
        this.#reference.add({
          ...place,
          schema: subject.schema,
          templateId: codec.shape.id,
          values,
          message: ours,
        })
        this.#cases.push({ ...place, subject, codec, values, ours })
      }
    }
  }

  /** Messages that were added. */
  get length(): number {
    return this.#cases.length
  }

  /** How many messages, from a first one on, were compared for each subject, by name; throws at the first that differs. */
  check({ schemas, answers }: ReferenceResult, first: number = 0): Map<string, number> {
    for (const subject of this.#subjects) checkLimits(subject, schemas[subject.schema])
    const counts = new Map<string, number>()
    for (const [index, one] of this.#cases.entries()) {
      const answer = answers[index]
      if (index < first) continue
      if (answer === undefined) throw new Error(`Cannot compare case ${index}: there is no answer`)
      checkCase(one, answer)
      counts.set(one.subject.name, (counts.get(one.subject.name) ?? 0) + 1)
    }
    return counts
  }
}

type Scalar = FieldShape & { readonly kind: 'scalar' }

function scalarsOf(fields: readonly FieldShape[]): Scalar[] {
  return fields.flatMap((field) => {
    if (field.kind === 'scalar') return [field]
    return field.kind === 'composite' ? scalarsOf(field.members) : []
  })
}

function scalarsOfBody({ fields, groups }: BodyShape): Scalar[] {
  return [...scalarsOf(fields), ...groups.flatMap(({ body }) => scalarsOfBody(body))]
}

/** Checks block lengths, and the null, least and greatest values; we know the latter two only where the schema says them. */
function checkLimits(subject: Subject, theirs: ReadonlyMap<number, ReferenceMessage> | undefined): void {
  for (const { shape } of subject.codecs) {
    const message = theirs?.get(shape.id)
    const where = `${subject.name}: message ${shape.name}`
    if (message?.blockLength !== shape.blockLength) {
      throw new Error(`${where}: our block length is ${shape.blockLength} and not ${message?.blockLength}`)
    }
    for (const [index, scalar] of scalarsOfBody(shape.body).entries()) {
      for (const [at, name] of (['nullValue', 'minValue', 'maxValue'] as const).entries()) {
        const value = scalar[name]
        stream.clear()
        stream.bits(value ?? 0, scalar.type)
        const ours = Buffer.from(stream.toBytes()).readBigInt64BE()
        const their = message.limits[index * 3 + at]
        if (value !== undefined && ours !== their) {
          throw new Error(
            `${where}: the ${name} of ${scalar.name} is ${value} and not that of the bits ${their}`,
          )
        }
      }
    }
  }
}

function checkCase(one: Case, answer: ReferenceAnswer): void {
  const { codec, values, ours, offset, asBytes } = one
  if (answer.error !== undefined) throw differs(one, `the reference says ${answer.error}`)
  const { encoded = new Uint8Array(), decoded = new Uint8Array(), again = new Uint8Array() } = answer
  if (!equal(encoded, ours))
    throw differs(one, `the reference encodes\n${hex(encoded)}\nand we\n${hex(ours)}`)
  if (!equal(decoded, values)) {
    throw differs(one, `the reference decodes ${describe(one, decoded)}\nfrom ${describe(one, values)}`)
  }
  if (!equal(again, ours))
    throw differs(one, `the reference encodes again\n${hex(again)}\nfrom\n${hex(ours)}`)
  // Nothing may be read in front of or behind the message.
  const around = new Uint8Array(offset + encoded.length).fill(0xff)
  around.set(encoded, offset)
  const own = codec.decode(around, offset, encoded.length, asBytes)
  const ownValues = toStream(codec.shape, own)
  if (!equal(ownValues, values)) {
    throw differs(one, `we decode ${describe(one, ownValues)}\nfrom ${describe(one, values)}`)
  }
  if (codec.decodedLength !== encoded.length) {
    throw differs(one, `our decoded length is ${codec.decodedLength} of ${encoded.length}`)
  }
  const ownAgain = encodeOurs(codec, own, one)
  if (!equal(ownAgain, encoded)) {
    throw differs(one, `we encode again\n${hex(ownAgain)}\nfrom\n${hex(encoded)}`)
  }
}

/** Whether two spans of bytes are the same. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}

function differs({ subject, codec, asBytes }: Case, text: string): Error {
  const how = asBytes ? ', text as bytes' : ''
  return new Error(`${subject.name}: message ${codec.shape.name}${how}: ${text}`)
}

/** Bytes for people. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/(.{8})/g, '$1 ')
}

function describe({ codec, asBytes }: Case, values: Uint8Array): string {
  return describeValues(codec.shape, values, asBytes)
}

/** Values, as toStream gives them, for people. */
export function describeValues(shape: MessageShape, values: Uint8Array, asBytes: boolean): string {
  const text = describeBytes(values, shape.body, asBytes)
  return JSON.stringify(text, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value), 1)
}
