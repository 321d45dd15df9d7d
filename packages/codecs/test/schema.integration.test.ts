import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { aeronJar } from '@x/aeron-tooling'
import { readIr, type Ir, type Token } from '@x/sbe-tool'
import { unzipSync } from 'fflate'
import { beforeAll, describe, expect, test } from 'vitest'

const SCHEMAS: readonly (readonly [ours: string, theirs: string])[] = [
  ['archive', 'archive/aeron-archive-codecs.xml'],
  ['archive-mark', 'archive/aeron-archive-mark-codecs.xml'],
  ['cluster', 'cluster/aeron-cluster-codecs.xml'],
  ['cluster-mark', 'cluster/aeron-cluster-mark-codecs.xml'],
  ['node-state', 'cluster/aeron-cluster-node-state-codecs.xml'],
]

let entries: Record<string, Uint8Array>

beforeAll(async () => {
  const jar = readFileSync(await aeronJar())
  entries = unzipSync(jar, { filter: ({ name }) => SCHEMAS.some(([, theirs]) => theirs === name) })
})

function theirIr(path: string): Ir {
  const entry = entries[path]
  if (entry === undefined) throw new Error(`Cannot compare the schemas: the jar has no ${path}`)
  return readIr(new TextDecoder().decode(entry), path)
}

function ourIr(name: string): Ir {
  const path = fileURLToPath(new URL(`../schema/${name}.xml`, import.meta.url))
  return readIr(readFileSync(path, 'utf8'), path)
}

/** What a token says of the wire: all but words, places in a file, and deprecations after the version of the jar. */
function wireOf(token: Token, version: number): object {
  const { description: _, file: __, line: ___, componentTokenCount: ____, deprecated, ...wire } = token
  const { encodedLength } = token
  const isBlock = token.signal.endsWith('_MESSAGE') || token.signal.endsWith('_GROUP')
  return {
    ...wire,
    // The length of a block is compared apart: a field that the jar does not have yet makes ours longer.
    encodedLength: isBlock ? undefined : encodedLength,
    deprecated: deprecated !== undefined && deprecated > version ? undefined : deprecated,
  }
}

/** The tokens of a message or type that the jar's version of the schema has. */
function knownTo(tokens: readonly Token[], version: number): object[] {
  const known: object[] = []
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token
    if (token.version > version) i += token.componentTokenCount - 1
    else known.push(wireOf(token, version))
  }
  return known
}

/** The length of the block in the jar's version: ours without the fields that came later, which stand at its end. */
function blockLength(tokens: readonly Token[], version: number): number {
  const fields = tokens.filter((token) => token.signal === 'BEGIN_FIELD')
  const newer = fields.filter((token) => token.version > version).map((token) => token.offset)
  return Math.min((tokens[0] as Token).encodedLength, ...newer)
}

const named = (all: readonly (readonly Token[])[]): Map<string, readonly Token[]> =>
  new Map(all.map((tokens) => [(tokens[0] as Token).name, tokens]))

describe.each(SCHEMAS)('our schema %s and that of the pinned jar', (ours, theirs) => {
  test('are of the same id and header, and ours is not older', () => {
    const [our, their] = [ourIr(ours), theirIr(theirs)]
    expect({ id: our.id, package: our.package, littleEndian: our.littleEndian }).toEqual({
      id: their.id,
      package: their.package,
      littleEndian: their.littleEndian,
    })
    expect(our.version).toBeGreaterThanOrEqual(their.version)
    expect(knownTo(our.header, their.version)).toEqual(knownTo(their.header, their.version))
  })

  test('have the same messages, field by field', () => {
    const [our, their] = [ourIr(ours), theirIr(theirs)]
    const ourMessages = named(our.messages)
    const theirMessages = named(their.messages)
    const newer = [...ourMessages].filter(([, [message]]) => (message?.version ?? 0) > their.version)
    expect([...ourMessages.keys()].toSorted()).toEqual(
      [...theirMessages.keys(), ...newer.map(([name]) => name)].toSorted(),
    )
    for (const [name, tokens] of theirMessages) {
      const own = ourMessages.get(name) ?? []
      expect([name, ...knownTo(own, their.version)]).toEqual([name, ...knownTo(tokens, their.version)])
      expect([name, blockLength(own, their.version)]).toEqual([name, tokens[0]?.encodedLength])
      const groups = (all: readonly Token[]): number[] =>
        all.filter(({ signal }) => signal === 'BEGIN_GROUP').map(({ encodedLength }) => encodedLength)
      expect([name, ...groups(own)]).toEqual([name, ...groups(tokens)])
    }
  })

  test('have the same types', () => {
    const [our, their] = [ourIr(ours), theirIr(theirs)]
    const ourTypes = named(our.types)
    for (const [name, tokens] of named(their.types)) {
      const own = knownTo(ourTypes.get(name) ?? [], their.version)
      expect([name, ...own]).toEqual([name, ...knownTo(tokens, their.version)])
    }
  })
})
