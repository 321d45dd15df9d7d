import { existsSync } from 'node:fs'
import { AeronToolingError } from './aeron-tooling-error.ts'
import type { Environment } from './executable.ts'
import { mavenJar } from './maven-jar.ts'
import type { MavenArtifact } from './maven-jar.ts'

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

/**
 * The path of Aeron's jar: AERON_JAR when that is set, or else the pinned release, fetched with {@link mavenJar}.
 *
 * @throws {AeronToolingError} JAR_MISSING, or as {@link mavenJar}.
 */
export async function aeronJar(options: AeronJarOptions = {}): Promise<string> {
  const { environment = process.env, artifact = AERON_ARTIFACT, onProgress } = options
  const override = environment['AERON_JAR']
  if (override !== undefined && override !== '') return checkedOverride(override)
  const alternative = 'set AERON_JAR to an aeron-all jar that is here already'
  return mavenJar(artifact, { environment, onProgress, alternative })
}

function checkedOverride(path: string): string {
  if (existsSync(path)) return path
  throw new AeronToolingError(
    'JAR_MISSING',
    `Cannot use the Aeron jar: AERON_JAR is ${path}, where there is no file; correct it, or unset it to fetch the pinned release`,
    { path },
  )
}
