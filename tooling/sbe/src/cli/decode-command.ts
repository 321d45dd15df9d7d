import { readFileSync } from 'node:fs'
import { decodeAllJson, type DecodedMessage } from '../otf/decode-json.ts'
import { messageText } from '../otf/message-text.ts'
import { formatProblem } from '../parse/schema-error.ts'
import { readIrFile } from '../read-ir.ts'
import { attempt, CommandError, onFiles, type Output } from './output.ts'

/** How messages are printed. */
export const FORMATS = ['json', 'lines', 'text'] as const

/** What `sbe-ts decode` was asked for. */
export interface DecodeArguments {
  readonly hex?: boolean
  readonly base64?: boolean
  readonly format: (typeof FORMATS)[number]
  readonly offset: number
}

const STANDARD_INPUT = 0

/** Runs `sbe-ts decode`. Returns the exit code. */
export function runDecode(
  schema: string,
  file: string | undefined,
  asked: DecodeArguments,
  output: Output,
): number {
  const isDone = attempt(output, () => {
    const format = formatOf(asked.format)
    const ir = readIrFile(schema, {
      onWarning: (warning) => output.print(`warning: ${formatProblem(warning)}`),
    })
    const bytes = bytesOf(file, asked)
    if (asked.offset > bytes.length) {
      throw new CommandError(
        `Cannot begin at byte ${asked.offset}: there are ${bytes.length} bytes; give an offset from 0 to that`,
      )
    }
    for (const message of decodeAllJson(ir, bytes, asked.offset)) output.write(format(message))
  })
  return isDone ? 0 : 1
}

function formatOf(name: DecodeArguments['format']): (message: DecodedMessage) => string {
  const json = ({ name: message, templateId, version, fields }: DecodedMessage, indent?: number): string =>
    JSON.stringify({ message, templateId, version, fields }, undefined, indent)
  switch (name) {
    case 'json':
      return (message) => json(message, 2)
    case 'lines':
      return (message) => json(message)
    case 'text':
      return messageText
  }
}

function bytesOf(file: string | undefined, asked: DecodeArguments): Uint8Array {
  const isInput = file === undefined || file === '-'
  const what = isInput ? 'the standard input' : file
  const content = onFiles(`read ${what}`, () => readFileSync(isInput ? STANDARD_INPUT : file))
  if (asked.hex === true) return fromHex(content.toString('latin1'), what)
  if (asked.base64 === true) return fromBase64(content.toString('latin1'), what)
  return new Uint8Array(content)
}

/** Bytes in hexadecimal, with blanks, colons, commas or 0x between them as dumps have them. */
function fromHex(text: string, what: string): Uint8Array {
  const digits = text.replaceAll(/0x|[\s:,-]/gi, '')
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) {
    throw new CommandError(
      `Cannot read ${what} as hexadecimal: it has an odd digit or a character that is none; give digits only, as xxd -p prints them, or leave out --hex for plain bytes`,
    )
  }
  return new Uint8Array(Buffer.from(digits, 'hex'))
}

/** Bytes in base64 of either alphabet, with line breaks between them and padding behind them or not. */
function fromBase64(text: string, what: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '')
  if (!/^[\w+/-]*={0,2}$/.test(digits)) {
    throw new CommandError(
      `Cannot read ${what} as base64: it has a character that is none; leave out --base64 for plain bytes`,
    )
  }
  return new Uint8Array(Buffer.from(digits, 'base64'))
}
