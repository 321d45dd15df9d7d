import { ArchiveError } from '../archive-error.ts'

/**
 * What an archive of some release can do first. The release that a control response comes from shows in the schema version of its header; the protocol version
 * changes less often. Source: the history of Aeron's archive schema.
 */
export const ArchiveFeature = {
  REPLAY_TOKEN: { what: 'a replay over a response channel', schemaVersion: 10, release: '1.45' },
  SOURCE_RESPONSE_CHANNEL: { what: 'sourceResponseChannel', schemaVersion: 10, release: '1.45' },
  UPDATE_CHANNEL: { what: 'a change of the channel', schemaVersion: 13, release: '1.49' },
  REPLAY_ALL_AND_STOP: { what: 'REPLAY_ALL_AND_STOP', schemaVersion: 13, release: '1.49' },
} as const

/** Something that not every archive can do. */
export type ArchiveFeature = (typeof ArchiveFeature)[keyof typeof ArchiveFeature]

/** Releases by the schema version that they speak. Source: the history of Aeron's archive schema. */
const RELEASES: Readonly<Record<number, string>> = {
  9: '1.44',
  10: '1.45 to 1.47',
  11: '1.48',
  13: '1.49 to 1.52',
  14: '1.53',
}

/**
 * Refuses what an archive is too old for: it would ignore the request, or do something else.
 *
 * @throws ArchiveError ARCHIVE_TOO_OLD
 */
export function checkFeature(
  action: string,
  archiveSchemaVersion: number,
  { what, schemaVersion, release }: ArchiveFeature,
): void {
  if (archiveSchemaVersion >= schemaVersion) return
  const archiveRelease = RELEASES[archiveSchemaVersion] ?? `schema version ${archiveSchemaVersion}`
  throw new ArchiveError(
    'ARCHIVE_TOO_OLD',
    `Cannot ${action}: ${what} needs an archive of Aeron ${release} or newer, this one is of ${archiveRelease}`,
    { archiveSchemaVersion, archiveRelease, requiredRelease: release },
  )
}
