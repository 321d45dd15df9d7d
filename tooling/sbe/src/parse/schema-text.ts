import { TextDecoder } from 'node:util'

/**
 * The text of an XML file: in the encoding that its byte order mark or its XML declaration tells, else in UTF-8.
 *
 * @throws SyntaxError where the encoding is not known
 */
export function schemaText(bytes: Uint8Array): string {
  return decoderOf(encodingOf(bytes)).decode(bytes)
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  const start = String.fromCharCode(...bytes.subarray(0, 200))
  return /^(?:\xef\xbb\xbf)?<\?xml[^>]*\sencoding=["']([^"']+)["']/.exec(start)?.[1] ?? 'utf-8'
}

/** Takes the byte order mark away too. */
function decoderOf(encoding: string): { decode(bytes: Uint8Array): string } {
  // For a TextDecoder, ISO-8859-1 is another name of windows-1252.
  if (/^(?:iso-8859-1|latin1)$/i.test(encoding)) {
    return { decode: (bytes) => Buffer.from(bytes).toString('latin1') }
  }
  try {
    return new TextDecoder(encoding)
  } catch (error) {
    throw new SyntaxError(
      `Cannot read the schema: its encoding is "${encoding}", which is not known; save it in UTF-8`,
      { cause: error },
    )
  }
}
