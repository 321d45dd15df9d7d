import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { generate, type PrintOptions } from '../../src/index.ts'
import { memberName, pascalName } from '../../src/print/names.ts'
import type { BodyShape, FieldShape, MessageShape } from './shape.ts'
import type { BodyValue, FieldValue } from './values.ts'

type Flyweight = Readonly<Record<string, unknown>>

/** Where the generated code of the tests finds its runtime: the source, so that no build is needed. */
export const RUNTIME: string = fileURLToPath(
  new URL('../../../../packages/codecs/src/runtime/index.ts', import.meta.url),
)

/** Generates the TypeScript of a schema into a folder. */
export function generateInto(folder: string, text: string, file: string, options: PrintOptions = {}): void {
  mkdirSync(folder, { recursive: true })
  for (const { name, text: code } of generate(text, file, { runtime: RUNTIME, ...options })) {
    writeFileSync(join(folder, name), code)
  }
}

/** Loads all generated modules of a folder: what they export, by name. */
export async function loadCodecs(folder: string, files: readonly string[]): Promise<Flyweight> {
  const modules = await Promise.all(
    files.map(async (file) => import(/* @vite-ignore */ pathToFileURL(join(folder, file)).href)),
  )
  return Object.assign({}, ...modules) as Flyweight
}

function call(target: Flyweight, name: string, ...args: readonly unknown[]): unknown {
  const method = target[name]
  if (typeof method !== 'function') throw new Error(`Cannot call ${name}: there is no such method`)
  return Reflect.apply(method, target, args)
}

function create(exported: Flyweight, name: string): Flyweight {
  const type = exported[name]
  if (typeof type !== 'function') throw new Error(`Cannot create ${name}: no generated file exports it`)
  return Reflect.construct(type, []) as Flyweight
}

/** The name of a member: one that the class itself needs has an underscore. */
function own(target: Flyweight, name: string): string {
  const member = memberName(name)
  return `${member}_` in target ? `${member}_` : member
}

function isNumber(field: FieldShape): boolean {
  return field.kind === 'scalar' && field.isNumber
}

/** Encodes and decodes one message with our generated classes, by reflection over their public members. */
export class OurCodec {
  readonly shape: MessageShape
  readonly #encoder: Flyweight
  readonly #decoder: Flyweight
  readonly #headerEncoder: Flyweight
  readonly #headerDecoder: Flyweight
  readonly #headerLength: number

  constructor(exported: Flyweight, shape: MessageShape, header: string) {
    this.shape = shape
    this.#encoder = create(exported, `${pascalName(shape.name)}Encoder`)
    this.#decoder = create(exported, `${pascalName(shape.name)}Decoder`)
    this.#headerEncoder = create(exported, `${pascalName(header)}Encoder`)
    this.#headerDecoder = create(exported, `${pascalName(header)}Decoder`)
    const headerType = exported[`${pascalName(header)}Encoder`] as { readonly ENCODED_LENGTH: number }
    this.#headerLength = headerType.ENCODED_LENGTH
  }

  /** Encodes header and message at an offset; returns the bytes of both. */
  encode(buffer: Uint8Array, offset: number, value: BodyValue, asBytes: boolean): number {
    call(this.#encoder, 'wrapAndApplyHeader', buffer, offset, this.#headerEncoder)
    this.#encodeBody(this.#encoder, this.shape.body, value, asBytes)
    return this.#headerLength + (this.#encoder['encodedLength'] as number)
  }

  /** Decodes the message whose header is at an offset. */
  decode(buffer: Uint8Array, offset: number, length: number, asBytes: boolean): BodyValue {
    call(this.#decoder, 'wrapAndApplyHeader', buffer, offset, this.#headerDecoder, length)
    return this.#decodeBody(this.#decoder, this.shape.body, asBytes)
  }

  /** Bytes of header and message that the decoder found; to be asked for after decode. */
  get decodedLength(): number {
    return this.#headerLength + (this.#decoder['decodedLength'] as number)
  }

  #encodeBody(encoder: Flyweight, shape: BodyShape, value: BodyValue, asBytes: boolean): void {
    for (const [index, field] of shape.fields.entries()) {
      this.#encodeField(encoder, field, value.fields[index])
    }
    for (const [index, { name, body }] of shape.groups.entries()) {
      const entries = value.groups[index] ?? []
      const group = call(encoder, `${memberName(name)}Count`, entries.length) as Flyweight
      for (const entry of entries) {
        call(group, 'next')
        this.#encodeBody(group, body, entry, asBytes)
      }
    }
    for (const [index, { name, charset }] of shape.data.entries()) {
      const isBytesOfText = charset !== undefined && asBytes
      const member = isBytesOfText ? `put${pascalName(name)}` : own(encoder, name)
      call(encoder, member, value.data[index])
    }
  }

  #encodeField(encoder: Flyweight, field: FieldShape, value: FieldValue): void {
    const member = own(encoder, field.name)
    switch (field.kind) {
      case 'constant':
        return
      case 'array':
        for (const [index, element] of (value as readonly FieldValue[]).entries()) {
          call(encoder, member, index, element)
        }
        return
      case 'composite': {
        const composite = call(encoder, member) as Flyweight
        for (const [index, part] of field.members.entries()) {
          this.#encodeField(composite, part, (value as readonly FieldValue[])[index])
        }
        return
      }
      case 'enum': {
        const isNull = value === field.nullValue
        const known = field.type === 'char' ? String.fromCharCode(Number(value)) : value
        call(encoder, member, isNull ? undefined : known)
        return
      }
      case 'scalar':
      case 'text':
      case 'set':
        call(encoder, member, isNumber(field) ? Number(value) : value)
    }
  }

  #decodeBody(decoder: Flyweight, shape: BodyShape, asBytes: boolean): BodyValue {
    return {
      fields: shape.fields.map((field) => this.#decodeField(decoder, field)),
      groups: shape.groups.map(({ name, body }) => {
        const group = call(decoder, own(decoder, name)) as Flyweight
        const entries: BodyValue[] = []
        while (call(group, 'next') === true) entries.push(this.#decodeBody(group, body, asBytes))
        return entries
      }),
      data: shape.data.map(({ name, charset }) => {
        if (charset === undefined) return (decoder[own(decoder, name)] as Uint8Array).slice()
        if (asBytes) return (decoder[`${own(decoder, name)}Bytes`] as Uint8Array).slice()
        return decoder[own(decoder, name)] as string
      }),
    }
  }

  #decodeField(decoder: Flyweight, field: FieldShape): FieldValue {
    const member = own(decoder, field.name)
    switch (field.kind) {
      case 'array':
        return Array.from({ length: field.length }, (_, index) => call(decoder, member, index) as FieldValue)
      case 'composite': {
        const composite = decoder[member] as Flyweight | undefined
        if (composite === undefined) return undefined
        return field.members.map((part) => this.#decodeField(composite, part))
      }
      case 'enum':
        return this.#decodeEnum(decoder, field, member)
      case 'constant': {
        const value = decoder[member] as FieldValue
        // A char enum's constant is a string of one character here, and a byte in Java.
        return typeof value === 'string' && typeof field.value !== 'string' ? value.charCodeAt(0) : value
      }
      case 'scalar':
      case 'text':
      case 'set': {
        const value = decoder[member] as FieldValue
        return isNumber(field) ? BigInt(value as number) : value
      }
    }
  }

  #decodeEnum(decoder: Flyweight, field: FieldShape & { readonly kind: 'enum' }, member: string): FieldValue {
    const raw = decoder[`${member}Raw`] as number | bigint
    const value = decoder[member]
    const known = field.type === 'char' ? String.fromCharCode(Number(raw)) : raw
    const expected = field.values.includes(raw) ? known : undefined
    if (value !== expected) {
      throw new Error(`Cannot decode "${field.name}": it is ${String(value)}, and ${raw} on the wire`)
    }
    return raw
  }
}
