import type { Charset } from '../parse/character-encoding.ts'
import { PRIMITIVES } from '../parse/primitives.ts'
import { charsetOf } from './charset.ts'
import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { pascalName } from './names.ts'
import { maxLength, stringLiteral, writeLength } from './primitive.ts'
import {
  endOfPart,
  lengthEncoding,
  lengthWidth,
  printOrderCheck,
  printReach,
  printReadOrderCheck,
  stageAfter,
  startOfPart,
} from './tail.ts'
import type { TailPart } from './tail.ts'

type VarDataPart = Extract<TailPart, { kind: 'varData' }>

/** The members of variable-length data in a decoder. */
interface Members {
  readonly length: string
  readonly offset: string
  /** As a string literal: message and field. */
  readonly name: string
}

/** The encoding of variable-length data that is text; undefined for bytes. */
export function charsetOfPart(part: VarDataPart): Charset | undefined {
  const { encoding } = part.data.data
  return encoding === undefined ? undefined : charsetOf(encoding)
}

function wireOf(part: VarDataPart): string {
  const since = part.token.version > 0 ? `, since version ${part.token.version}` : ''
  const charset = charsetOfPart(part) ?? 'bytes'
  return `Wire: ${part.data.length.encoding?.primitiveType} length, then ${charset}${since}.`
}

/** Prints the getters of variable-length data: text, a view of the bytes, their place, and a copy. */
export function printVarDataGetter(scope: ClassScope, part: VarDataPart, tail: readonly TailPart[]): void {
  const { out, context, members } = scope
  const { token } = part
  const charset = charsetOfPart(part)
  const member = members.own(token.name, token)
  const derived = (text: string): string => members.derived(text, token.name)
  const names = {
    length: derived(`${member}Length`),
    offset: derived(`${member}Offset`),
    name: stringLiteral(`${scope.owner}.${token.name}`),
  }
  printPlace(scope, part, tail, names)
  const pass = (): void => printPass(scope, part, tail)
  if (charset !== undefined) {
    out.line()
    out.doc(token.description, `Empty where it is absent. ${wireOf(part)}`, deprecation(token))
    out.block(`get ${member}(): string {`, () => {
      printPlaceOf(scope, part, tail, names)
      pass()
      out.line(`return ${readText(scope, charset)}`)
    })
  }
  const bytes = charset === undefined ? member : derived(`${member}Bytes`)
  out.line()
  out.doc(
    charset === undefined ? token.description : `The bytes of ${token.name}.`,
    `A view of the buffer, not a copy; empty where it is absent. ${wireOf(part)}`,
    deprecation(token),
  )
  out.block(`get ${bytes}(): Uint8Array {`, () => {
    printPlaceOf(scope, part, tail, names)
    pass()
    out.line(`return ${out.import('bytesAt', context.runtime)}(this.#buffer, offset, length)`)
  })
  printCopy(scope, part, tail, names, pass)
  if (scope.checksAccess) printSkip(scope, part, names, pass)
}

function printPlace(
  scope: ClassScope,
  part: VarDataPart,
  tail: readonly TailPart[],
  { length, offset }: Members,
): void {
  const { out } = scope
  const { token } = part
  const width = lengthWidth(part.data)
  const absent = (answer: string): void => {
    if (token.version > 0) out.line(`if (this.#actingVersion < ${token.version}) return ${answer}`)
    printReadOrderCheck(scope, part, tail)
  }
  out.line()
  out.doc(`Bytes of ${token.name}; 0 where it is absent.`)
  out.block(`get ${length}(): number {`, () => {
    absent('0')
    printReach(scope, part.index + 1)
    const start = part.index === 0 ? `(${startOfPart(part)})` : startOfPart(part)
    out.line(`return ${endOfPart(part, tail)} - ${start} - ${width}`)
  })
  out.line()
  out.doc(`Where the bytes of ${token.name} start in the buffer.`)
  out.block(`get ${offset}(): number {`, () => {
    if (token.version > 0) {
      out.block(`if (this.#actingVersion < ${token.version}) {`, () => {
        printReach(scope, part.index)
        out.line(`return ${startOfPart(part)}`)
      })
    }
    printReadOrderCheck(scope, part, tail)
    printReach(scope, part.index)
    out.line(`return ${startOfPart(part)} + ${width}`)
  })
}

/** Prints the constants `length` and `offset`. V8 rather inlines the methods that know them than the getters in front of these. */
function printPlaceOf(
  scope: ClassScope,
  part: VarDataPart,
  tail: readonly TailPart[],
  { length, offset }: Members,
): void {
  const { out } = scope
  if (scope.checksAccess || part.token.version > 0) {
    out.line(`const length = this.${length}`)
    out.line(`const offset = this.${offset}`)
    return
  }
  printReach(scope, part.index + 1)
  out.line(`const offset = ${startOfPart(part)} + ${lengthWidth(part.data)}`)
  out.line(`const length = ${endOfPart(part, tail)} - offset`)
}

/** Prints, with field-order checks, the statement behind reading a part. */
function printPass(scope: ClassScope, part: VarDataPart, tail: readonly TailPart[]): void {
  if (!scope.checksAccess) return
  const { version } = part.token
  const isPresent = version > 0 ? `if (this.#actingVersion >= ${version}) ` : ''
  scope.out.line(`${isPresent}this.#stage = ${stageAfter(part, tail)}`)
}

function printCopy(
  scope: ClassScope,
  part: VarDataPart,
  tail: readonly TailPart[],
  names: Members,
  pass: () => void,
): void {
  const { out, context, members } = scope
  const { token } = part
  const copy = members.derived(`copy${pascalName(token.name)}`, token.name)
  out.line()
  out.doc(
    `Copies the bytes of ${token.name}; returns their number. RangeError where the target is too short.`,
  )
  out.block(`${copy}(target: Uint8Array, targetOffset: number = 0): number {`, () => {
    printPlaceOf(scope, part, tail, names)
    const run = out.import('copyVarData', context.runtime)
    out.line(`${run}(this.#view, offset, length, target, targetOffset, ${names.name})`)
    pass()
    out.line('return length')
  })
}

function printSkip(scope: ClassScope, part: VarDataPart, { length }: Members, pass: () => void): void {
  const { out, members } = scope
  const { token } = part
  out.line()
  out.doc(`Passes over ${token.name} without reading it; returns the number of its bytes.`)
  out.block(`${members.derived(`skip${pascalName(token.name)}`, token.name)}(): number {`, () => {
    out.line(`const length = this.${length}`)
    pass()
    out.line('return length')
  })
}

/** Prints the setters of variable-length data: text from a string, bytes from a buffer. */
export function printVarDataSetter(scope: ClassScope, part: VarDataPart, tail: readonly TailPart[]): void {
  const { out, context, members } = scope
  const { token } = part
  const name = stringLiteral(`${scope.owner}.${token.name}`)
  const charset = charsetOfPart(part)
  const width = lengthWidth(part.data)
  const max = maxOf(part)
  const member = members.own(token.name, token)
  const start = (): void => {
    printOrderCheck(scope, part, tail)
    out.line('const at = this.#limit.value')
  }
  const finish = (): void => {
    out.line(writeLength(out, context, lengthEncoding(part.data), 'this.#view', 'at', 'written'))
    out.line(`this.#limit.value = at + ${width} + written`)
    out.line(`this.#stage = ${part.index + 1}`)
    out.line('return this')
  }
  if (charset !== undefined) {
    out.line()
    out.doc(token.description, wireOf(part), deprecation(token))
    out.block(`${member}(value: string): this {`, () => {
      start()
      out.line(`const written = ${writeText(scope, charset, `at + ${width}`, max, name)}`)
      finish()
    })
  }
  const put = charset === undefined ? member : members.derived(`put${pascalName(token.name)}`, token.name)
  const source = out.importType('SbeBuffer', context.runtime)
  out.line()
  out.doc(
    charset === undefined ? token.description : `The bytes of ${token.name}, as they are.`,
    `All of the source, or \`length\` bytes of it from \`offset\`. ${wireOf(part)}`,
    deprecation(token),
  )
  out.block(`${put}(source: ${source}, offset: number = 0, length?: number): this {`, () => {
    start()
    const write = out.import('putVarBytes', context.runtime)
    out.line(
      `const written = ${write}(this.#buffer, this.#view, this.#limit.capacity, at + ${width}, source, offset, length, ${max}, ${name})`,
    )
    finish()
  })
}

/** The expression of the text of `length` bytes at `offset`. ASCII and UTF-8 have functions of their own. */
function readText({ out, context }: ClassScope, charset: Charset): string {
  const read = charset === 'ascii' ? 'getAscii' : charset === 'utf8' ? 'getUtf8' : undefined
  if (read !== undefined) return `${out.import(read, context.runtime)}(this.#view, offset, length)`
  return `${out.import('getText', context.runtime)}(this.#view, offset, length, '${charset}')`
}

/** The expression that writes a string and gives the number of its bytes. */
function writeText(
  { out, context }: ClassScope,
  charset: Charset,
  at: string,
  max: string,
  name: string,
): string {
  const write = charset === 'ascii' ? 'putVarAscii' : charset === 'utf8' ? 'putVarUtf8' : undefined
  if (write !== undefined)
    return `${out.import(write, context.runtime)}(this.#view, this.#limit.capacity, ${at}, value, ${max}, ${name})`
  return `${out.import('putVarText', context.runtime)}(this.#view, this.#limit.capacity, ${at}, value, ${max}, ${name}, '${charset}')`
}

function maxOf(part: VarDataPart): string {
  const { encoding } = part.data.length
  if (encoding === undefined) return String(PRIMITIVES.uint8.maxValue)
  return maxLength(encoding)
}
