import type { ClassScope } from './class-scope.ts'
import { deprecation } from './enum.ts'
import { pascalName } from './names.ts'
import { stringLiteral, textEncoding } from './primitive.ts'
import { lengthWidth, printOrderCheck, startOfPart } from './tail.ts'
import type { TailPart } from './tail.ts'

type VarDataPart = Extract<TailPart, { kind: 'varData' }>

/** The encoding of variable-length data that is text; undefined for bytes. */
function charsetOf(part: VarDataPart): string | undefined {
  const { encoding } = part.data.data
  // Protocol: char without characterEncoding is US-ASCII.
  return textEncoding(
    encoding?.characterEncoding ?? (encoding?.primitiveType === 'char' ? 'US-ASCII' : undefined),
  )
}

function wireOf(part: VarDataPart): string {
  const since = part.token.version > 0 ? `, since version ${part.token.version}` : ''
  return `Wire: ${part.data.length.encoding?.primitiveType} length, then ${charsetOf(part) ?? 'bytes'}${since}.`
}

/** Prints the getters of variable-length data: text, a view of the bytes, their place, and a copy. */
export function printVarDataGetter(scope: ClassScope, part: VarDataPart): void {
  const { out, context, members } = scope
  const { token } = part
  const name = stringLiteral(`${scope.owner}.${token.name}`)
  const at = startOfPart(part)
  const width = lengthWidth(part.data)
  const charset = charsetOf(part)
  const member = members.own(token.name, token.line)
  const derived = (text: string): string => members.derived(text, token.name, token.line)
  const length = derived(`${member}Length`)
  const offset = derived(`${member}Offset`)
  const absent = (answer: string): void => {
    if (token.version > 0) out.line(`if (this.#actingVersion < ${token.version}) return ${answer}`)
  }

  out.line()
  out.doc(`Bytes of ${token.name}; 0 where it is absent.`)
  out.block(`get ${length}(): number {`, () => {
    absent('0')
    const read = out.import('varDataLength', context.runtime)
    out.line(`return ${read}(this.#view, ${at}, this.#end, ${width}, ${context.ir.littleEndian}, ${name})`)
  })
  out.line()
  out.doc(`Where the bytes of ${token.name} start in the buffer.`)
  out.block(`get ${offset}(): number {`, () => {
    absent(at)
    out.line(`return ${at} + ${width}`)
  })
  if (charset !== undefined) {
    out.line()
    out.doc(token.description, `Empty where it is absent. ${wireOf(part)}`, deprecation(token))
    out.block(`get ${member}(): string {`, () => {
      out.line(`const length = this.${length}`)
      out.line(
        `return ${out.import('getText', context.runtime)}(this.#view, this.${offset}, length, '${charset}')`,
      )
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
    out.line(`const length = this.${length}`)
    out.line(`const offset = this.${offset}`)
    out.line(
      `return ${out.import('bytesOf', context.runtime)}(this.#buffer).subarray(offset, offset + length)`,
    )
  })
  printCopy(scope, part, { length, offset, name })
}

function printCopy(
  scope: ClassScope,
  part: VarDataPart,
  names: { readonly length: string; readonly offset: string; readonly name: string },
): void {
  const { out, context, members } = scope
  const { token } = part
  const copy = members.derived(`copy${pascalName(token.name)}`, token.name, token.line)
  out.line()
  out.doc(
    `Copies the bytes of ${token.name}; returns their number. RangeError where the target is too short.`,
  )
  out.block(`${copy}(target: Uint8Array, targetOffset: number = 0): number {`, () => {
    out.line(`const length = this.${names.length}`)
    const run = out.import('copyVarData', context.runtime)
    out.line(`return ${run}(this.#buffer, this.${names.offset}, length, target, targetOffset, ${names.name})`)
  })
}

/** Prints the setters of variable-length data: text from a string, bytes from a buffer. */
export function printVarDataSetter(scope: ClassScope, part: VarDataPart, tail: readonly TailPart[]): void {
  const { out, context, members } = scope
  const { token } = part
  const name = stringLiteral(`${scope.owner}.${token.name}`)
  const charset = charsetOf(part)
  const { encoding } = part.data.length
  const width = lengthWidth(part.data)
  const max = encoding?.maxValue ?? 2 ** (8 * width) - 2
  const member = members.own(token.name, token.line)
  const finish = (): void => {
    out.line(`this.#stage = ${part.index + 1}`)
    out.line('return this')
  }
  if (charset !== undefined) {
    out.line()
    out.doc(token.description, wireOf(part), deprecation(token))
    out.block(`${member}(value: string): this {`, () => {
      printOrderCheck(scope, part, tail)
      const write = out.import('putVarText', context.runtime)
      out.line(
        `this.#limit.value = ${write}(this.#view, this.#limit.value, value, '${charset}', ${width}, ${max}, ${context.ir.littleEndian}, ${name})`,
      )
      finish()
    })
  }
  const put =
    charset === undefined ? member : members.derived(`put${pascalName(token.name)}`, token.name, token.line)
  out.line()
  out.doc(
    charset === undefined ? token.description : `The bytes of ${token.name}, as they are.`,
    `All of the source, or \`length\` bytes of it from \`offset\`. ${wireOf(part)}`,
    deprecation(token),
  )
  out.block(
    `${put}(source: ${out.importType('SbeBuffer', context.runtime)}, offset: number = 0, length?: number): this {`,
    () => {
      printOrderCheck(scope, part, tail)
      const write = out.import('putVarBytes', context.runtime)
      out.line(
        `this.#limit.value = ${write}(this.#buffer, this.#view, this.#limit.value, source, offset, length, ${width}, ${max}, ${context.ir.littleEndian}, ${name})`,
      )
      finish()
    },
  )
}
