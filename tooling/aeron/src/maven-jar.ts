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

/** The SBE tool that codecs and generator are compared with: generator, its intermediate form and Agrona in one jar. */
export const SBE_ARTIFACT: MavenArtifact = {
  groupId: 'uk.co.real-logic',
  artifactId: 'sbe-all',
  version: '1.38.1',
  sha256: '26e29e5503faa70cc56158fcdacd6369ecfc3088b9a61c90b882feb54451c9b5',
}

/** Options of {@link mavenJar}. */
export interface MavenJarOptions {
  /** Told in words what takes time. */
  readonly onProgress?: ((message: string) => void) | undefined
  /** Where PATH, JAVA_HOME and XDG_CACHE_HOME are looked up. @default process.env */
  readonly environment?: Environment | undefined
  /** What else the user may do when Maven cannot be had, as the end of a sentence. None by default. */
  readonly alternative?: string | undefined
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

/**
 * The path of a jar that Maven knows, fetched once per user into {@link cacheDirectory}. Several processes may do so at the
 * same time.
 *
 * @throws {AeronToolingError} JAVA_MISSING, JAVA_TOO_OLD, MAVEN_MISSING, MAVEN_TOO_OLD, FETCH_FAILED or CHECKSUM_MISMATCH.
 */
export async function mavenJar(artifact: MavenArtifact, options: MavenJarOptions = {}): Promise<string> {
  const { environment = process.env, onProgress = () => {}, alternative } = options
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
    await copyWithMaven({ artifact: name, folder: temporary, environment, onProgress, alternative })
    const fetched = join(temporary, fileName)
    checkSum(fetched, name, artifact.sha256)
    renameSync(fetched, jar)
    onProgress(`${name} is cached as ${jar}`)
    return jar
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex')
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
