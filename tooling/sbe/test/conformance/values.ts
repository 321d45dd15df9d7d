import { PRIMITIVES } from '../../src/parse/primitives.ts'
import type { PrimitiveType } from '../../src/parse/primitives.ts'
import type { BodyShape, FieldShape } from './shape.ts'

/** The value of a field: an array for arrays and composites, undefined for a composite that is absent. */
export type FieldValue = number | bigint | string | readonly FieldValue[] | undefined

/** The values of a message or group entry, in the order of its shape. */
export interface BodyValue {
  readonly fields: readonly FieldValue[]
  readonly groups: readonly (readonly BodyValue[])[]
  readonly data: readonly (string | Uint8Array)[]
}

/** Pseudo-random numbers: the same for the same seed (xorshift of 32 bits). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed ^ 0x9e3779b9) | 0 || 1
  }

  /** Any 32 bits, unsigned. */
  next(): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x
    return x >>> 0
  }

  /** An integer from 0 up to, and not including, `bound`. */
  below(bound: number): number {
    return bound > 0 ? this.next() % bound : 0
  }

  /** One of several. */
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T
  }
}

/** Random values for a message or group entry; text is drawn as bytes, valid or not, where `asBytes` says so. */
export function randomBody(random: Random, shape: BodyShape, asBytes: boolean, depth = 0): BodyValue {
  return {
    fields: shape.fields.map((field) => randomField(random, field)),
    groups: shape.groups.map((group) => {
      // Now and then as many as the dimensions allow, within reason; less the deeper the group.
      const isLarge = depth === 0 && random.below(40) === 0
      const count = Math.min(group.maxCount, isLarge ? 300 : random.below(4 - Math.min(depth, 2)))
      return Array.from({ length: count }, () => randomBody(random, group.body, asBytes, depth + 1))
    }),
    data: shape.data.map(({ charset, maxLength }) => {
      const length = Math.min(maxLength, depth === 0 && random.below(20) === 0 ? 400 : random.below(12))
      return charset === undefined || asBytes
        ? Uint8Array.from({ length }, () => random.next() & 0xff)
        : randomText(random, charset, length)
    }),
  }
}

function randomField(random: Random, field: FieldShape): FieldValue {
  switch (field.kind) {
    case 'scalar':
      return field.isNumber
        ? randomSafe(random, field.type)
        : randomScalar(random, field.type, field.nullValue)
    case 'array':
      return Array.from({ length: field.length }, () => randomScalar(random, field.type, field.nullValue))
    case 'text':
      return randomText(random, field.charset, random.below(field.length + 1))
    case 'constant':
      return field.value
    case 'enum':
      return random.pick([...field.values, field.nullValue])
    case 'set': {
      let bits = 0n
      for (const bit of field.bits) if (random.below(2) === 1) bits |= 1n << BigInt(bit)
      return field.type === 'uint64' ? bits : Number(bits)
    }
    case 'composite':
      return field.members.map((member) => randomField(random, member))
  }
}

function randomSafe(random: Random, type: PrimitiveType): bigint {
  const magnitude = BigInt(random.next() % 2 ** 21) * 2n ** 32n + BigInt(random.next())
  const value = random.pick([magnitude, BigInt(random.below(1000)), BigInt(Number.MAX_SAFE_INTEGER)])
  return type === 'int64' && random.below(2) === 0 ? -value : value
}

function randomScalar(random: Random, type: PrimitiveType, nullValue: number | bigint): number | bigint {
  if (type === 'float' || type === 'double') return randomFloat(random, type)
  const { size } = PRIMITIVES[type]
  const isSigned = type.startsWith('int')
  const bits = BigInt(random.next()) * 2n ** 32n + BigInt(random.next())
  const fit = (value: bigint): bigint =>
    isSigned ? BigInt.asIntN(size * 8, value) : BigInt.asUintN(size * 8, value)
  const edge = random.pick([0n, 1n, -1n, 1n << BigInt(size * 8 - 1), (1n << BigInt(size * 8 - 1)) - 1n])
  const value = random.pick([fit(bits), fit(bits), fit(bits), fit(edge), BigInt(nullValue)])
  return size === 8 ? value : Number(value)
}

function randomFloat(random: Random, type: 'float' | 'double'): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setUint32(0, random.next())
  view.setUint32(4, random.next())
  const any = type === 'float' ? view.getFloat32(0) : view.getFloat64(0)
  const edges = type === 'float' ? [2 ** -149, 3.4028234663852886e38] : [Number.MIN_VALUE, Number.MAX_VALUE]
  return random.pick([any, any, any, 0, -0, 1.5, Number.NaN, Infinity, -Infinity, ...edges])
}

/** Text of a charset that takes at most `length` bytes. Without U+0000, which ends a char array. */
function randomText(random: Random, charset: string, length: number): string {
  if (charset.startsWith('UTF-16')) return randomText(random, 'UTF-8', length >> 1)
  if (charset === 'UTF-8') {
    const characters = ['a', 'Z', '~', '\u00E9', '\u0416', '\u20AC', '\uFEFF', '\u{1F600}', '\u{10FFFF}']
    let text = ''
    for (;;) {
      const longer = text + random.pick(characters)
      if (new TextEncoder().encode(longer).length > length) return text
      text = longer
    }
  }
  const greatest = /8859/.test(charset) ? 0xff : 0x7f
  return String.fromCharCode(...Array.from({ length }, () => 1 + random.below(greatest)))
}
