import { PRIMITIVES } from '../../src/parse/primitives.ts'
import type { PrimitiveType } from '../../src/parse/primitives.ts'
import type { BodyShape, FieldShape } from './shape.ts'
import type { BodyValue, FieldValue } from './values.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Bytes as java.io.DataOutputStream writes them: big endian. Grows. */
export class ByteWriter {
  #bytes = new Uint8Array(1 << 16)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  #reserve(length: number): number {
    const at = this.#length
    this.#length += length
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, at))
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }

  int8(value: number): void {
    const at = this.#reserve(1)
    this.#view.setInt8(at, value)
  }

  int32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setInt32(at, value)
  }

  /** 64 bits: the bits of a float, or an integer. */
  bits(value: number | bigint, type: PrimitiveType): void {
    const at = this.#reserve(8)
    if (type === 'double') this.#view.setFloat64(at, Number(value))
    else if (type === 'float') {
      this.#view.setFloat32(at + 4, Number(value))
      this.#view.setInt32(at, this.#view.getInt32(at + 4) >> 31)
    } else if (typeof value === 'bigint') this.#view.setBigInt64(at, value)
    else {
      this.#view.setInt32(at, Math.floor(value / 2 ** 32))
      this.#view.setUint32(at + 4, value >>> 0)
    }
  }

  /** The length as an int32, and the bytes. */
  sized(bytes: Uint8Array): void {
    this.int32(bytes.length)
    const at = this.#reserve(bytes.length)
    this.#bytes.set(bytes, at)
  }

  /** ASCII as java.io.DataOutputStream.writeUTF writes it. */
  utf(text: string): void {
    const at = this.#reserve(2 + text.length)
    this.#view.setUint16(at, text.length)
    this.#bytes.set(encoder.encode(text), at + 2)
  }

  /** A copy of all that was written. */
  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }
}

/** Writes values as the reference's program reads them: parts in the order of the shape, integers and floats in 64 bits. */
export function writeBody(out: ByteWriter, shape: BodyShape, value: BodyValue): void {
  for (const [index, field] of shape.fields.entries()) writeField(out, field, value.fields[index])
  for (const [index, { body }] of shape.groups.entries()) {
    const entries = value.groups[index] ?? []
    out.int32(entries.length)
    for (const entry of entries) writeBody(out, body, entry)
  }
  for (const data of value.data) out.sized(typeof data === 'string' ? encoder.encode(data) : data)
}

function writeField(out: ByteWriter, field: FieldShape, value: FieldValue): void {
  if (field.kind === 'composite') {
    out.int8(value === undefined ? 0 : 1)
    if (!Array.isArray(value)) return
    for (const [index, member] of field.members.entries()) writeField(out, member, value[index] as FieldValue)
  } else if (Array.isArray(value)) {
    const type = field.kind === 'array' ? field.type : 'int64'
    for (const element of value) out.bits(element as number | bigint, type)
  } else if (typeof value === 'string') out.sized(encoder.encode(value))
  else if (typeof value === 'number' || typeof value === 'bigint') {
    out.bits(value, 'type' in field ? field.type : 'int64')
  } else throw new Error(`Cannot write "${field.name}": it has no value`)
}

/** Reads what writeBody, or the reference's program, wrote: as an object with names, for people. */
export function describeBytes(bytes: Uint8Array, shape: BodyShape, asBytes: boolean): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const sized = (): Uint8Array => {
    const length = view.getInt32(at)
    at += 4 + length
    return bytes.subarray(at - length, at)
  }
  const bits = (type: PrimitiveType): unknown => {
    at += 8
    if (type === 'float') return view.getFloat32(at - 4)
    if (type === 'double') return view.getFloat64(at - 8)
    const value = view.getBigInt64(at - 8)
    return type === 'uint64' ? BigInt.asUintN(64, value) : PRIMITIVES[type].size < 8 ? Number(value) : value
  }
  const one = (field: FieldShape): unknown => {
    switch (field.kind) {
      case 'array':
        return Array.from({ length: field.length }, () => bits(field.type))
      case 'text':
        return decoder.decode(sized())
      case 'constant':
        return typeof field.value === 'string' ? decoder.decode(sized()) : bits(field.type)
      case 'composite':
        at += 1
        return view.getInt8(at - 1) === 0 ? undefined : named(field.members)
      case 'scalar':
      case 'enum':
      case 'set':
        return bits(field.type)
    }
  }
  const named = (fields: readonly FieldShape[]): object =>
    Object.fromEntries(fields.map((field) => [field.name, one(field)]))
  const body = ({ fields, groups, data }: BodyShape): object => ({
    ...named(fields),
    ...Object.fromEntries(
      groups.map((group) => {
        at += 4
        const entries = Array.from({ length: view.getInt32(at - 4) }, () => body(group.body))
        return [group.name, entries]
      }),
    ),
    ...Object.fromEntries(
      data.map(({ name, charset }) => {
        const value = sized()
        return [name, charset === undefined || asBytes ? value.join(' ') : decoder.decode(value)]
      }),
    ),
  })
  return body(shape)
}
