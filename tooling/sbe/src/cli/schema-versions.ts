import { InvalidArgumentError } from 'commander'

/** The version to generate of each schema id, and of the rest; undefined where that is its own. */
export interface SchemaVersions {
  readonly byId: ReadonlyMap<number, number>
  readonly others: number | undefined
}

/**
 * Reads `--schema-version`: one version for all, or a list of `id:version`, in which the id of the rest is `*`.
 *
 * @throws InvalidArgumentError where it is neither
 */
export function parseSchemaVersions(text: string): SchemaVersions {
  const byId = new Map<number, number>()
  let others: number | undefined
  for (const part of text.split(',')) {
    const match = /^(?:(\d+|\*):)?(\d+)$/.exec(part.trim())
    if (match === null) {
      throw new InvalidArgumentError(`"${part}" is not a version; give 3, or 101:3,*:5 for several schemas.`)
    }
    const [, id, version] = match
    if (id === undefined || id === '*') others = Number(version)
    else byId.set(Number(id), Number(version))
  }
  return { byId, others }
}

/** The version to generate of a schema; undefined where that is its own. */
export function schemaVersionOf(versions: SchemaVersions | undefined, id: number): number | undefined {
  return versions?.byId.get(id) ?? versions?.others
}
