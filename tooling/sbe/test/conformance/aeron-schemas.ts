import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { aeronJar } from '@x/aeron-tooling'
import { unzipSync } from 'fflate'

/** A protocol of Aeron: the name of our schema, the path of the schema in the jar, and our fields that are numbers. */
export interface Protocol {
  readonly name: string
  readonly path: string
  readonly numberFields: readonly string[]
}

/** All protocols that we have codecs of. */
export const PROTOCOLS: readonly Protocol[] = [
  {
    name: 'archive',
    path: 'archive/aeron-archive-codecs.xml',
    numberFields: ['newStartPosition', 'position', 'startPosition', 'stopPosition'],
  },
  { name: 'archive-mark', path: 'archive/aeron-archive-mark-codecs.xml', numberFields: [] },
  {
    name: 'cluster',
    path: 'cluster/aeron-cluster-codecs.xml',
    numberFields: [
      'commitPosition',
      'lastTermBaseLogPosition',
      'logPosition',
      'logTermBaseLogPosition',
      'nextLogPosition',
      'nextTermBaseLogPosition',
      'openedLogPosition',
      'termBaseLogPosition',
    ],
  },
  { name: 'cluster-mark', path: 'cluster/aeron-cluster-mark-codecs.xml', numberFields: [] },
  {
    name: 'node-state',
    path: 'cluster/aeron-cluster-node-state-codecs.xml',
    numberFields: ['logPosition'],
  },
]

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
