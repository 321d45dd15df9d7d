/** The text encodings that a schema may name, by their names in lower case and without separators. */
const CHARSETS = {
  ascii: 'ascii',
  ascii7: 'ascii',
  cp1252: 'windows-1252',
  iso88591: 'latin1',
  iso885915: 'iso-8859-15',
  l1: 'latin1',
  latin1: 'latin1',
  latin9: 'iso-8859-15',
  usascii: 'ascii',
  // Protocol: as Java has it, with a byte order mark, and big endian without one.
  utf16: 'utf16',
  utf16be: 'utf16be',
  utf16le: 'utf16le',
  utf8: 'utf8',
  windows1252: 'windows-1252',
} as const

/** A text encoding, in the words of the runtime. */
export type Charset = (typeof CHARSETS)[keyof typeof CHARSETS]

/** The text encodings as a schema names them, for error messages. */
export const CHARSET_LIST =
  'US-ASCII, UTF-8, UTF-16, UTF-16LE, UTF-16BE, ISO-8859-1, ISO-8859-15 or windows-1252'

/** The encoding behind a name in a schema, in whatever case and with whatever separators; undefined where it is not known. */
export function charsetNamed(characterEncoding: string): Charset | undefined {
  const name = characterEncoding.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  return isKnown(name) ? CHARSETS[name] : undefined
}

function isKnown(name: string): name is keyof typeof CHARSETS {
  return Object.hasOwn(CHARSETS, name)
}
