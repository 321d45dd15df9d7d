import { childrenOf } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { holds } from '../parse/primitives.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf, type PrintContext } from './context.ts'
import { pascalName } from './names.ts'
import { isPair, plus, stringLiteral, writePair, writeUnchecked } from './primitive.ts'
import type { Place } from './primitive.ts'

/** Name of the class of the message header, without Encoder or Decoder. */
export function headerName(context: PrintContext): string {
  return pascalName(headerToken(context).typeName)
}

function headerToken({ ir }: PrintContext): Token {
  const [header] = ir.header
  if (header === undefined) throw new Error('Cannot print a message: the schema has no header')
  return header
}

/** Prints, in an encoder, the method that writes the header and starts the message behind it. */
export function printEncoderHeader(scope: ClassScope, token: Token): void {
  const { out, context } = scope
  const header = `${headerName(context)}Encoder`
  out.importType(header, specifierOf(header, context))
  out.line()
  out.doc(
    'Writes the message header at an offset and starts the message behind it.',
    '@throws RangeError where they do not fit',
  )
  out.block(`wrapAndApplyHeader(buffer: SbeBuffer, offset: number, header: ${header}): this {`, () => {
    out.line('header.wrap(buffer, offset)')
    out.line(`this.wrap(buffer, ${plus('offset', headerToken(context).encodedLength)})`)
    printHeaderValues(scope, token)
    out.line('return this')
  })
}

/** Prints the statements that write the header through the view of the message: constants need no check when they are written. */
function printHeaderValues(scope: ClassScope, token: Token): void {
  const values = headerValues(scope.context, token)
  for (let i = 0; i < values.length; i++) {
    const [first, second] = values.slice(i, i + 2)
    if (first === undefined) continue
    const at = plus('offset', first.offset)
    if (second !== undefined && isPair(first, second)) {
      // Only their 16 bits: what is below 0 would reach into its neighbour.
      const [one, other] = [first.value & 0xffff, second.value & 0xffff]
      scope.out.line(writePair(first.encoding, 'this.#view', at, one, other))
      i++
    } else scope.out.line(writeUnchecked(first.encoding, at, String(first.value)))
  }
}

/** What the header of a message says, in the order of its bytes. */
function headerValues(
  { ir, problems }: PrintContext,
  token: Token,
): readonly (Place & { readonly value: number })[] {
  // A map, as a member may be called `toString`.
  const values = new Map([
    ['blockLength', token.encodedLength],
    ['templateId', token.id],
    ['schemaId', ir.id],
    ['version', ir.version],
  ])
  return childrenOf(ir.header).flatMap(({ name, encoding, offset }) => {
    const value = values.get(name)
    if (value === undefined || encoding === undefined || encoding.presence === 'constant') return []
    if (!holds(encoding.primitiveType, value)) {
      problems.add(
        token,
        `Cannot generate "${token.name}": its ${name} is ${value}, which the ${encoding.primitiveType} of the message header cannot hold; change it in the schema`,
      )
    }
    return [{ encoding, offset, value }]
  })
}

/** Prints, in a decoder, the method that reads the header and moves to the message behind it. */
export function printDecoderHeader(scope: ClassScope, token: Token): void {
  const { out, context } = scope
  const header = `${headerName(context)}Decoder`
  out.importType(header, specifierOf(header, context))
  const check = out.import('checkHeader', context.runtime)
  const rest = out.import('lengthBehindHeader', context.runtime)
  const name = stringLiteral(scope.owner)
  out.line()
  out.doc(
    'Reads the message header at an offset and moves to the message behind it; `length` counts both.',
    '@throws SchemaMismatchError where the header names another schema or template; RangeError as wrap',
  )
  const parameters = `buffer: SbeBuffer, offset: number, header: ${header}, length?: number`
  out.block(`wrapAndApplyHeader(${parameters}): this {`, () => {
    out.line(`const rest = ${rest}(length, ${headerToken(context).encodedLength}, ${name})`)
    out.line('header.wrap(buffer, offset)')
    out.line(`${check}(header.schemaId, header.templateId, ${context.ir.id}, ${token.id}, ${name})`)
    const at = plus('offset', headerToken(context).encodedLength)
    out.line(`return this.wrap(buffer, ${at}, header.blockLength, header.version, rest)`)
  })
}
