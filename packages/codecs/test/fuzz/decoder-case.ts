import { SchemaMismatchError, type SbeBuffer } from '../../src/runtime/index.ts'
import { HostileBytes } from './hostile-bytes.ts'
import { ReadAll } from './read-all.ts'

/** What every generated decoder of a message has. */
export interface Decoder {
  wrap(buffer: SbeBuffer, offset: number, blockLength: number, version: number, length?: number): this
  readonly decodedLength: number
  sbeSkip(): number
  sbeRewind(): this
  toJSON(): unknown
}

/** The class of a decoder. */
export interface DecoderClass {
  readonly name: string
  readonly TEMPLATE_ID: number
  readonly SCHEMA_ID: number
  readonly SCHEMA_VERSION: number
  readonly BLOCK_LENGTH: number
  new (): Decoder
}

/** The decoders among the exports of a door. */
export function decodersOf(door: object): DecoderClass[] {
  return Object.values(door).filter(
    (value: unknown): value is DecoderClass =>
      typeof value === 'function' && 'TEMPLATE_ID' in value && value.name.endsWith('Decoder'),
  )
}

/** Bytes in front of and behind the message, which no decoder may look at. */
const MARGIN = 64
const reader = new ReadAll()

/**
 * Reads hostile bytes as one message, twice: between zeros and between ones. What a decoder reads outside the message
 * makes the two differ. Returns whether the message was accepted by wrap().
 *
 * @throws Error where they differ, or an error is not documented
 */
export function runCase(decoderClass: DecoderClass, decoder: Decoder, seed: number): boolean {
  const random = new HostileBytes(seed)
  const block = decoderClass.BLOCK_LENGTH
  const length = random.oneOf(
    block,
    block + random.upTo(16),
    block + random.upTo(80),
    random.upTo(block + 80),
  )
  const offset = MARGIN + random.upTo(3)
  const blockLength = random.oneOf(block, block, block, random.upTo(block + 4), random.upTo(0xffff))
  const version = random.oneOf(
    decoderClass.SCHEMA_VERSION,
    random.upTo(decoderClass.SCHEMA_VERSION + 2),
    random.upTo(0xffff),
  )
  const bytes = new Uint8Array(offset + length + MARGIN)
  random.fill(bytes, offset, offset + length)
  const first = readMessage(decoder, bytes, offset, length, blockLength, version)
  bytes.fill(0xff, 0, offset)
  bytes.fill(0xff, offset + length)
  const second = readMessage(decoder, new DataView(bytes.buffer), offset, length, blockLength, version)
  if (first !== second) {
    throw new Error(`${decoderClass.name} reads outside the message, seed ${seed}:\n${first}\n${second}`)
  }
  return !first.startsWith('Cannot')
}

function readMessage(
  decoder: Decoder,
  buffer: SbeBuffer,
  offset: number,
  length: number,
  blockLength: number,
  version: number,
): string {
  const wrapped = attempt(() => decoder.wrap(buffer, offset, blockLength, version, length))
  if (typeof wrapped === 'string') return wrapped
  const whole = [
    attempt(() => decoder.sbeSkip()),
    attempt(() => decoder.sbeRewind().decodedLength),
    attempt(() => JSON.stringify(decoder)),
  ]
  return [...whole, reader.read(decoder)].join('\n')
}

/** The result of an action, or the message of a documented error. */
export function attempt<T>(action: () => T): T | string {
  try {
    return action()
  } catch (error) {
    if (error instanceof RangeError || error instanceof SchemaMismatchError) return error.message
    throw error
  }
}
