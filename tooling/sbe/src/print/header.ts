import { childrenOf } from '../ir/body-view.ts'
import type { Token } from '../ir/token.ts'
import { holds } from '../parse/primitives.ts'
import type { ClassScope } from './class-scope.ts'
import { specifierOf, type PrintContext } from './context.ts'
import { pascalName } from './names.ts'
import { plus, stringLiteral, writeUnchecked } from './primitive.ts'

/** Name of the class of the message header, without Encoder or Decoder. */
export function headerName(context: PrintContext): string {
  const [header] = context.ir.header
  if (header === undefined) throw new Error('Cannot print a message: the schema has no header')
  return pascalName(header.typeName)
}

/** Prints, in an encoder, the method that writes the header and starts the message behind it. */
export function printEncoderHeader(scope: ClassScope, token: Token): void {
  const { out, context } = scope
  const header = `${headerName(context)}Encoder`
  out.import(header, specifierOf(header, context))
  out.line()
  out.doc(
    'Writes the message header at an offset and starts the message behind it.',
    '@throws RangeError where they do not fit',
  )
  out.block(`wrapAndApplyHeader(buffer: SbeBuffer, offset: number, header: ${header}): this {`, () => {
    out.line('header.wrap(buffer, offset)')
    out.line(`this.wrap(buffer, offset + ${header}.ENCODED_LENGTH)`)
    printHeaderValues(scope, token)
    out.line('return this')
  })
}

/** Prints the statements that write the header through the view of the message: constants need no check when they are written. */
function printHeaderValues(scope: ClassScope, token: Token): void {
  const { ir, problems } = scope.context
  // A map, as a member may be called `toString`.
  const values = new Map([
    ['blockLength', token.encodedLength],
    ['templateId', token.id],
    ['schemaId', ir.id],
    ['version', ir.version],
  ])
  for (const member of childrenOf(ir.header)) {
    const value = values.get(member.name)
    const { encoding } = member
    if (value === undefined || encoding === undefined || encoding.presence === 'constant') continue
    if (!holds(encoding.primitiveType, value)) {
      problems.add(
        token,
        `Cannot generate "${token.name}": its ${member.name} is ${value}, which the ${encoding.primitiveType} of the message header cannot hold; change it in the schema`,
      )
    }
    scope.out.line(writeUnchecked(encoding, plus('offset', member.offset), String(value)))
  }
}

/** Prints, in a decoder, the method that reads the header and moves to the message behind it. */
export function printDecoderHeader(scope: ClassScope, token: Token): void {
  const { out, context } = scope
  const header = `${headerName(context)}Decoder`
  out.import(header, specifierOf(header, context))
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
    out.line(`const rest = ${rest}(length, ${header}.ENCODED_LENGTH, ${name})`)
    out.line('header.wrap(buffer, offset)')
    out.line(`${check}(header.schemaId, header.templateId, ${context.ir.id}, ${token.id}, ${name})`)
    out.line(`const at = offset + ${header}.ENCODED_LENGTH`)
    out.line('return this.wrap(buffer, at, header.blockLength, header.version, rest)')
  })
}
