import { readFileSync } from 'node:fs'
import { decodeAllJson, type DecodedMessage } from '../otf/decode-json.ts'
import { messageText } from '../otf/message-text.ts'
import { formatProblem } from '../parse/schema-error.ts'
import { readIrFile } from '../read-ir.ts'
import { attempt, CommandError, onFiles, type Output } from './output.ts'

/** What `sbe-ts decode` was asked for. */
export interface DecodeArguments {
  readonly hex?: boolean
  readonly format: string
  readonly offset: string
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
    for (const message of decodeAllJson(ir, bytes, offsetOf(asked.offset, bytes)))
      output.write(format(message))
  })
  return isDone ? 0 : 1
}

function formatOf(name: string): (message: DecodedMessage) => string {
  const json = ({ name: message, templateId, version, fields }: DecodedMessage, indent?: number): string =>
    JSON.stringify({ message, templateId, version, fields }, undefined, indent)
  switch (name) {
    case 'json':
      return (message) => json(message, 2)
    case 'lines':
      return (message) => json(message)
    case 'text':
      return messageText
    default:
      throw new CommandError(`Cannot print as ${name}: give --format json, lines or text`)
  }
}

function bytesOf(file: string | undefined, asked: DecodeArguments): Uint8Array {
  const isInput = file === undefined || file === '-'
  const what = isInput ? 'the standard input' : file
  const content = onFiles(`read ${what}`, () => readFileSync(isInput ? STANDARD_INPUT : file))
  return asked.hex === true ? fromHex(content.toString('latin1'), what) : new Uint8Array(content)
}

function offsetOf(text: string, bytes: Uint8Array): number {
  const offset = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (!(offset <= bytes.length)) {
    throw new CommandError(
      `Cannot begin at byte ${text}: there are ${bytes.length} bytes; give an offset from 0 to that`,
    )
  }
  return offset
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
