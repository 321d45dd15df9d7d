import type { Encoding } from '../ir/encoding.ts'
import { charsetNamed, type Charset } from '../parse/character-encoding.ts'

/**
 * The encoding of characters in the runtime's words; undefined where they are plain bytes, or of an encoding that the
 * generator does not know.
 * Protocol: char without characterEncoding is US-ASCII.
 */
export function charsetOf({ characterEncoding, primitiveType }: Encoding): Charset | undefined {
  if (characterEncoding !== undefined && characterEncoding !== '') return charsetNamed(characterEncoding)
  return primitiveType === 'char' ? 'ascii' : undefined
}
