import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { AeronToolingError } from './aeron-tooling-error.ts'
import type { Environment } from './executable.ts'
import { copyWithMaven } from './maven.ts'

/** A Maven artifact at one version, with the checksum of its jar. */
export interface MavenArtifact {
  readonly groupId: string
  readonly artifactId: string
  readonly version: string
  /** SHA-256 of the jar, in lower-case hexadecimal. */
  readonly sha256: string
}

/** The Aeron that everything here is tested against: driver, archive, cluster, tools and samples in one jar. */
export const AERON_ARTIFACT: MavenArtifact = {
  groupId: 'io.aeron',
  artifactId: 'aeron-all',
  version: '1.51.0',
  sha256: '9686a7c6bb3c464f7ac76ceaf7a0c67249e3499aa8142872a6d1b2f398bca458',
}

/** Options of {@link aeronJar}. */
export interface AeronJarOptions {
  /** Told in words what takes time. */
  readonly onProgress?: ((message: string) => void) | undefined
  /** Where AERON_JAR, PATH, JAVA_HOME and XDG_CACHE_HOME are looked up. @default process.env */
  readonly environment?: Environment | undefined
  /** @default AERON_ARTIFACT */
  readonly artifact?: MavenArtifact | undefined
}

/** The folder in which this user's fetched jars are cached, outside any work tree. */
export function cacheDirectory(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const xdg = environment['XDG_CACHE_HOME']
  const home = environment['HOME'] ?? homedir()
  const user = platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')
  return join(xdg !== undefined && xdg !== '' ? xdg : user, 'aeron-node')
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
}

/**
 * The path of Aeron's jar: AERON_JAR when that is set, or else the pinned release, fetched with Maven once per user. Several
 * processes may do so at the same time.
 *
 * @throws {AeronToolingError} JAR_MISSING, JAVA_MISSING, JAVA_TOO_OLD, MAVEN_MISSING, MAVEN_TOO_OLD, FETCH_FAILED or
 * CHECKSUM_MISMATCH.
 */
export async function aeronJar(options: AeronJarOptions = {}): Promise<string> {
  const { environment = process.env, artifact = AERON_ARTIFACT, onProgress = () => {} } = options
  const override = environment['AERON_JAR']
  if (override !== undefined && override !== '') return checkedOverride(override)

  const folder = cacheDirectory(environment)
  const fileName = `${artifact.artifactId}-${artifact.version}.jar`
  const jar = join(folder, fileName)
  if (existsSync(jar)) {
    if (sha256Of(jar) === artifact.sha256) return jar
    onProgress(`${jar} is damaged, fetching it again`)
  }

  const name = `${artifact.groupId}:${artifact.artifactId}:${artifact.version}`
  // In the same folder, so that the rename is atomic: others see no jar or a whole one.
  const temporary = join(folder, `.fetch-${process.pid}-${randomBytes(4).toString('hex')}`)
  mkdirSync(temporary, { recursive: true })
  try {
    await copyWithMaven({ artifact: name, folder: temporary, environment, onProgress })
    const fetched = join(temporary, fileName)
    checkSum(fetched, name, artifact.sha256)
    renameSync(fetched, jar)
    onProgress(`${name} is cached as ${jar}`)
    return jar
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function checkedOverride(path: string): string {
  if (existsSync(path)) return path
  throw new AeronToolingError(
    'JAR_MISSING',
    `Cannot use the Aeron jar: AERON_JAR is ${path}, where there is no file; correct it, or unset it to fetch the pinned release`,
    { path },
  )
}

function checkSum(path: string, artifact: string, expected: string): void {
  const found = sha256Of(path)
  if (found === expected) return
  throw new AeronToolingError(
    'CHECKSUM_MISMATCH',
    `Cannot use ${artifact}: the SHA-256 of what Maven fetched is ${found}, and should be ${expected}; ` +
      `remove the artifact from Maven's local repository (usually ~/.m2/repository) and see which mirror settings.xml names`,
    { artifact, expected, found },
  )
}
