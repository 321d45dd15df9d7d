import { Signal } from './signal.ts'
import type { Token } from './token.ts'

/**
 * The enums, sets and composites in the tokens of a header and messages, each once: where it is of the lowest version, as in
 * the reference tool. A type is taken out of its place: its offset and, in a composite, the version of the field are not its own.
 */
export function usedTypes(parts: readonly (readonly Token[])[]): Token[][] {
  const found = new Map<string, readonly Token[]>()
  for (const tokens of parts) {
    for (const [index, token] of tokens.entries()) {
      if (!isType(token)) continue
      const other = found.get(token.typeName)?.[0]
      if (other === undefined || other.version > token.version) {
        found.set(token.typeName, tokens.slice(index, index + token.componentTokenCount))
      }
    }
  }
  return [...found.values()].map(withoutPlace)
}

function isType({ signal }: Token): boolean {
  return signal === Signal.BEGIN_COMPOSITE || signal === Signal.BEGIN_ENUM || signal === Signal.BEGIN_SET
}

function withoutPlace(tokens: readonly Token[]): Token[] {
  const version = tokens[0]?.version ?? 0
  return tokens.map((token, index) => {
    const { encoding } = token
    if (index === 0 || index === tokens.length - 1) {
      const size =
        encoding === undefined
          ? undefined
          : ({ ...encoding, presence: 'required', constant: undefined } as const)
      return { ...token, name: token.typeName, referencedName: undefined, offset: 0, encoding: size }
    }
    // Values and choices have versions of their own.
    const isOwn = token.signal === Signal.VALID_VALUE || token.signal === Signal.CHOICE
    return isOwn || token.version > version ? token : { ...token, version: 0, sinceVersion: 0 }
  })
}
