import type { Token } from '../ir/token.ts'
import { specifierOf, type PrintContext } from './context.ts'
import { deprecation } from './enum.ts'
import { headerName } from './header.ts'
import { pascalName } from './names.ts'
import type { Printer } from './printer.ts'

/** Name of the class that is printed, and of its file. */
export const DISPATCHER_NAME = 'MessageDispatcher'

/** Prints the dispatcher of a schema: it reads a header and gives the message to the handler of its template. */
export function printDispatcher(out: Printer, context: PrintContext, messages: readonly Token[]): void {
  const header = `${headerName(context)}Decoder`
  out.import(header, specifierOf(header, context))
  const buffer = out.importType('SbeBuffer', context.runtime)
  const rest = out.import('lengthBehindHeader', context.runtime)
  const decoders = messages.map((token) => decoderOf(token))
  for (const decoder of decoders) out.import(decoder, specifierOf(decoder, context))
  printHandlers(out, messages, header)
  out.line()
  out.doc(
    'Reads the header of a message and calls the handler of its template. Makes the decoder of a template once, when it is first met, and nothing for a message.',
  )
  out.block(`export class ${DISPATCHER_NAME} {`, () => {
    out.line(`readonly #header: ${header} = new ${header}()`)
    for (const decoder of decoders) out.line(`#${memberOf(decoder)}: ${decoder} | undefined`)
    out.line()
    out.doc(
      'The message starts with its header at `offset`; `length` counts both. The decoder is valid within the handler.',
      'Returns whether the schema and template are known here, whatever handlers there are.',
      '@throws RangeError where the message is truncated',
    )
    const parameters = `buffer: ${buffer}, offset: number, length: number, handlers: MessageHandlers`
    out.block(`dispatch(${parameters}): boolean {`, () => {
      out.line(`const rest = ${rest}(length, ${header}.ENCODED_LENGTH, 'the message header')`)
      out.line('const header = this.#header.wrap(buffer, offset)')
      out.block(`if (header.schemaId !== ${context.ir.id}) {`, () => printUnknown(out))
      out.line(`const at = offset + ${header}.ENCODED_LENGTH`)
      out.block('switch (header.templateId) {', () => {
        for (const token of messages) printCase(out, token)
        out.line('default:')
        out.line('  handlers.onUnknownTemplate?.(header)')
        out.line('  return false')
      })
    })
  })
}

function printHandlers(out: Printer, messages: readonly Token[], header: string): void {
  out.doc('What is called for each message; one without a handler is passed over.')
  out.block('export interface MessageHandlers {', () => {
    for (const token of messages) {
      out.doc(token.description, deprecation(token))
      out.line(`on${pascalName(token.name)}?(message: ${decoderOf(token)}, header: ${header}): void`)
    }
    out.doc('Of a message whose schema or template is not known here.')
    out.line(`onUnknownTemplate?(header: ${header}): void`)
  })
}

function printUnknown(out: Printer): void {
  out.line('handlers.onUnknownTemplate?.(header)')
  out.line('return false')
}

function printCase(out: Printer, token: Token): void {
  const decoder = decoderOf(token)
  out.block(
    `case ${token.id}: {`,
    () => {
      const handler = `handlers.on${pascalName(token.name)}`
      out.line(`if (${handler} === undefined) return true`)
      out.line(`this.#${memberOf(decoder)} ??= new ${decoder}()`)
      out.line(`const message = this.#${memberOf(decoder)}`)
      out.line('message.wrap(buffer, at, header.blockLength, header.version, rest)')
      out.line(`${handler}(message, header)`)
      out.line('return true')
    },
    '}',
  )
}

function decoderOf(token: Token): string {
  return `${pascalName(token.name)}Decoder`
}

function memberOf(decoder: string): string {
  return decoder.charAt(0).toLowerCase() + decoder.slice(1)
}
