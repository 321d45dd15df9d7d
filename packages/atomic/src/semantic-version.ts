const PART_MAX = 255

/**
 * Packs a version into an int32, as Aeron's files carry it: 8 bits for each part. Source of this file: Agrona's `SemanticVersion`.
 *
 * @throws RangeError when a part is not an integer from 0 to 255, or all are 0
 */
export function composeVersion(major: number, minor: number, patch: number): number {
  for (const [name, part] of Object.entries({ major, minor, patch })) {
    if (!Number.isInteger(part) || part < 0 || part > PART_MAX) {
      throw new RangeError(
        `Cannot compose a version: ${name} must be an integer from 0 to ${PART_MAX}, current value is ${part}`,
      )
    }
  }
  const version = (major << 16) | (minor << 8) | patch
  if (version === 0) {
    throw new RangeError(
      'Cannot compose a version: at least one part must be above 0, current values are all 0',
    )
  }
  return version
}

/** The major part of a packed version. */
export function majorVersion(version: number): number {
  return (version >> 16) & 0xff
}

/** The minor part of a packed version. */
export function minorVersion(version: number): number {
  return (version >> 8) & 0xff
}

/** The patch part of a packed version. */
export function patchVersion(version: number): number {
  return version & 0xff
}

/** A packed version as `major.minor.patch`. */
export function versionToString(version: number): string {
  return `${majorVersion(version)}.${minorVersion(version)}.${patchVersion(version)}`
}
