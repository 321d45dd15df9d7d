import type { Encoding } from '../ir/encoding.ts'

/** Names of text encodings, in lower case and without separators, and those of the runtime. */
const CHARSETS: Readonly<Record<string, string>> = {
  ascii: 'ascii',
  ascii7: 'ascii',
  iso88591: 'latin1',
  l1: 'latin1',
  latin1: 'latin1',
  usascii: 'ascii',
  utf16: 'utf16',
  utf16be: 'utf16be',
  utf16le: 'utf16le',
  utf8: 'utf8',
}

/**
 * The encoding of characters in the runtime's words; undefined where they are plain bytes, or of an encoding that the
 * generator does not know.
 * Protocol: char without characterEncoding is US-ASCII.
 */
export function charsetOf({ characterEncoding, primitiveType }: Encoding): string | undefined {
  if (characterEncoding === undefined || characterEncoding === '') {
    return primitiveType === 'char' ? 'ascii' : undefined
  }
  const name = characterEncoding.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return Object.hasOwn(CHARSETS, name) ? CHARSETS[name] : undefined
}
