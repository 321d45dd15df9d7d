import type { Described } from '../parse/schema-model.ts'
import type { Signal } from './signal.ts'
import type { Token } from './token.ts'

/** A token with what all named parts have, and with nothing for the rest. */
export function partToken(part: Described): Omit<Token, 'signal'> {
  return {
    name: part.name,
    typeName: part.name,
    referencedName: undefined,
    packageName: undefined,
    id: -1,
    version: part.sinceVersion,
    sinceVersion: part.sinceVersion,
    deprecated: part.deprecated,
    description: part.description,
    offset: 0,
    encodedLength: 0,
    arrayLength: 1,
    componentTokenCount: 1,
    presence: 'required',
    valueRef: undefined,
    semanticType: undefined,
    timeUnit: undefined,
    epoch: undefined,
    encoding: undefined,
    file: part.file,
    line: part.line,
  }
}

/** The BEGIN and END tokens of a part around those inside it. */
export function wrapTokens(
  begin: Signal,
  end: Signal,
  own: Omit<Token, 'signal'>,
  inner: readonly Token[],
): Token[] {
  const componentTokenCount = inner.length + 2
  return [
    { signal: begin, ...own, componentTokenCount },
    ...inner,
    { signal: end, ...own, componentTokenCount },
  ]
}
