/** The text encodings that a schema may name, by their names in lower case and without separators. */
const CHARSETS = {
  ascii: 'ascii',
  ascii7: 'ascii',
  iso88591: 'latin1',
  l1: 'latin1',
  latin1: 'latin1',
  usascii: 'ascii',
  // Protocol: as Java has it, with a byte order mark, and big endian without one.
  utf16: 'utf16',
  utf16be: 'utf16be',
  utf16le: 'utf16le',
  utf8: 'utf8',
} as const

/** A text encoding, in the words of the runtime. */
export type Charset = (typeof CHARSETS)[keyof typeof CHARSETS]

/** The text encodings as a schema names them, for error messages. */
export const CHARSET_LIST = 'US-ASCII, ISO-8859-1, UTF-8, UTF-16, UTF-16LE or UTF-16BE'

/** The encoding behind a name in a schema, in whatever case and with whatever separators; undefined where it is not known. */
export function charsetNamed(characterEncoding: string): Charset | undefined {
  const name = characterEncoding.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return isKnown(name) ? CHARSETS[name] : undefined
}

function isKnown(name: string): name is keyof typeof CHARSETS {
  return Object.hasOwn(CHARSETS, name)
}
