import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { aeronJar } from '@x/aeron-tooling'
import { unzipSync } from 'fflate'

/** A protocol of Aeron: the name of our schema, and the path of the schema in the jar. */
export interface Protocol {
  readonly name: string
  readonly path: string
}

/** All protocols that we have codecs of. */
export const PROTOCOLS: readonly Protocol[] = [
  { name: 'archive', path: 'archive/aeron-archive-codecs.xml' },
  { name: 'archive-mark', path: 'archive/aeron-archive-mark-codecs.xml' },
  { name: 'cluster', path: 'cluster/aeron-cluster-codecs.xml' },
  { name: 'cluster-mark', path: 'cluster/aeron-cluster-mark-codecs.xml' },
  { name: 'node-state', path: 'cluster/aeron-cluster-node-state-codecs.xml' },
]

/** The fields of 64 bits that our codecs of a protocol have as numbers, as the codecs are generated with. */
export async function ourNumberFields({ name }: Protocol): Promise<readonly string[]> {
  // By its place: the codecs need this package, and this package must not need the codecs.
  const generate = new URL('../../../../packages/codecs/dev/generate.ts', import.meta.url).href
  const exported = (await import(/* @vite-ignore */ generate)) as {
    readonly NUMBER_FIELDS: Readonly<Record<string, readonly string[]>>
  }
  return exported.NUMBER_FIELDS[name] ?? []
}

/** The schemas inside the pinned jar, by their path. */
export async function jarSchemas(): Promise<ReadonlyMap<string, string>> {
  const jar = readFileSync(await aeronJar())
  const paths = PROTOCOLS.map(({ path }) => path)
  const entries = unzipSync(jar, { filter: ({ name }) => paths.includes(name) })
  return new Map(Object.entries(entries).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]))
}

/** Our own schema of a protocol. */
export function ourSchemaPath({ name }: Protocol): string {
  return fileURLToPath(new URL(`../../../../packages/codecs/schema/${name}.xml`, import.meta.url))
}

/** The folder of our generated codecs of a protocol: those that users get. */
export function ourCodecFolder({ name }: Protocol): string {
  return fileURLToPath(new URL(`../../../../packages/codecs/src/gen/${name}`, import.meta.url))
}
