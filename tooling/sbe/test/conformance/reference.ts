import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mavenJar, runJava, SBE_ARTIFACT } from '@x/aeron-tooling'
import { ByteWriter } from './value-stream.ts'

const PROGRAM = fileURLToPath(new URL('Reference.java', import.meta.url))
const ENCODE = 1
const DECODE = 2
const BYTES = 4

/** What the reference is to do with one message. */
export interface ReferenceRequest {
  /** What addSchema returned. */
  readonly schema: number
  readonly templateId: number
  /** What is in its buffer before it encodes. */
  readonly fill: number
  readonly offset: number
  /** Variable-length data that is text goes through its bytes. */
  readonly asBytes: boolean
  /** To be encoded: what writeBody wrote. */
  readonly values: Uint8Array | undefined
  /** To be decoded: a message with its header. */
  readonly message: Uint8Array | undefined
}

/** What the reference made of a request. */
export interface ReferenceAnswer {
  /** What it threw. */
  readonly error: string | undefined
  /** The message from the values. */
  readonly encoded: Uint8Array | undefined
  /** The values from the message, as writeBody would write them. */
  readonly decoded: Uint8Array | undefined
  /** The message from those values, where values were given too. */
  readonly again: Uint8Array | undefined
}

/** What the reference says of a message itself. */
export interface ReferenceMessage {
  readonly blockLength: number
  /** The null, least and greatest value of every number, composites and groups included, as 64 bits. */
  readonly limits: readonly bigint[]
}

/** All that the reference says. */
export interface ReferenceResult {
  /** For each schema, its messages by template id. */
  readonly schemas: readonly ReadonlyMap<number, ReferenceMessage>[]
  readonly answers: readonly ReferenceAnswer[]
}

/**
 * The reference: SBE's own tool and its Java codecs, in one Java process for many schemas and messages. Requests are collected,
 * and answered all at once.
 */
export class Reference implements Disposable {
  /** A folder for schemas and generated code, removed by dispose. */
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sbe-conformance-'))
  readonly #schemas: string[] = []
  readonly #requests = new ByteWriter()
  #count = 0

  /** Adds a schema file. Returns its number. */
  addSchema(path: string): number {
    this.#schemas.push(path)
    return this.#schemas.length - 1
  }

  /** Adds a request. */
  add({ schema, templateId, fill, offset, asBytes, values, message }: ReferenceRequest): void {
    const out = this.#requests
    out.int32(schema)
    out.int32(templateId)
    out.int8(
      (values === undefined ? 0 : ENCODE) | (message === undefined ? 0 : DECODE) | (asBytes ? BYTES : 0),
    )
    out.int8(fill)
    out.int32(offset)
    if (values !== undefined) out.sized(values)
    if (message !== undefined) out.sized(message)
    this.#count++
  }

  /**
   * Answers all requests, in their order.
   *
   * @throws Error with what Java printed where it fails as a whole
   */
  async run(): Promise<ReferenceResult> {
    const start = new ByteWriter()
    start.int32(this.#schemas.length)
    for (const path of this.#schemas) start.utf(path)
    start.int32(this.#count)
    const [requests, answers, code] = ['requests', 'answers', 'java'].map((name) => join(this.folder, name))
    if (requests === undefined || answers === undefined || code === undefined) throw new Error('unreachable')
    writeFileSync(requests, Buffer.concat([start.toBytes(), this.#requests.toBytes()]))
    mkdirSync(code)
    const { output, code: exitCode } = await runJava(PROGRAM, {
      args: [requests, answers, code],
      classPath: [await mavenJar(SBE_ARTIFACT)],
      // Most of it is the compiler, once: the second one of the JVM costs more than it brings.
      jvmFlags: ['-Xmx768m', '-XX:+UseSerialGC', '-XX:-UsePerfData', '-XX:TieredStopAtLevel=1'],
      name: 'Reference',
      timeoutMs: 600_000,
    })
    if (exitCode !== 0) throw new Error(`Cannot run the reference: it ended with ${exitCode}\n${output}`)
    return readResult(readFileSync(answers), this.#schemas.length, this.#count)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function readResult(bytes: Buffer, schemaCount: number, count: number): ReferenceResult {
  let at = 0
  const int32 = (): number => {
    at += 4
    return bytes.readInt32BE(at - 4)
  }
  const int64 = (): bigint => {
    at += 8
    return bytes.readBigInt64BE(at - 8)
  }
  const part = (): Uint8Array | undefined => {
    const length = int32()
    if (length < 0) return undefined
    at += length
    return bytes.subarray(at - length, at)
  }
  const message = (): [number, ReferenceMessage] => [
    int32(),
    { blockLength: int32(), limits: Array.from({ length: int32() }, int64) },
  ]
  const answer = (): ReferenceAnswer => {
    if (bytes.readInt8(at++) === 0) {
      return { error: undefined, encoded: part(), decoded: part(), again: part() }
    }
    const length = bytes.readUInt16BE(at)
    at += 2 + length
    const error = bytes.toString('utf8', at - length, at)
    return { error, encoded: undefined, decoded: undefined, again: undefined }
  }
  return {
    schemas: Array.from({ length: schemaCount }, () => new Map(Array.from({ length: int32() }, message))),
    answers: Array.from({ length: count }, answer),
  }
}
