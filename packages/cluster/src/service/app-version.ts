import { ClusterError } from '../cluster-error.ts'

// A semantic version in one int32. Protocol: Agrona's SemanticVersion.

/**
 * Composes a version for the option `appVersion`: one byte for each part.
 *
 * @throws RangeError if a part is not an integer from 0 to 255
 */
export function composeVersion(major: number, minor: number, patch: number): number {
  for (const part of [major, minor, patch]) {
    if (Number.isInteger(part) && part >= 0 && part <= 255) continue
    throw new RangeError(
      `Cannot compose a version: each part must be an integer from 0 to 255, current value is ${part}`,
    )
  }
  return (major << 16) | (minor << 8) | patch
}

/** Whether two versions are compatible: only their major parts count. */
export function isSameMajorVersion(a: number, b: number): boolean {
  return a >> 16 === b >> 16
}

/** The version as text, such as 1.2.3. */
export function versionName(version: number): string {
  return `${(version >> 16) & 0xff}.${(version >> 8) & 0xff}.${version & 0xff}`
}

/** The error for a log, or a snapshot, of an incompatible application. */
export function appVersionError(
  action: string,
  appVersion: number,
  logAppVersion: number,
  logPosition: number,
): ClusterError<'APP_VERSION_INCOMPATIBLE'> {
  return new ClusterError(
    'APP_VERSION_INCOMPATIBLE',
    `Cannot ${action} at position ${logPosition}: its application version ${versionName(logAppVersion)} and ours, ` +
      `${versionName(appVersion)}, must be compatible: unless a validator says otherwise, the major parts must be the same`,
    { appVersion, logAppVersion, logPosition },
  )
}
