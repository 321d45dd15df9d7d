import { join } from 'node:path'
import { AeronToolingError } from './aeron-tooling-error.ts'
import { findOnPath, isExecutable, runCommand } from './executable.ts'
import type { Environment } from './executable.ts'

/** A Java that can run Aeron. */
export interface JavaRuntime {
  /** Absolute path of the `java` executable. */
  readonly path: string
  /** Its version as it names itself, such as "17.0.15". */
  readonly version: string
  /** The feature release, such as 17. */
  readonly featureVersion: number
}

/** Aeron 1.51.0 is compiled for this release. */
const LOWEST_FEATURE_VERSION = 17

/** Agrona's use of `sun.misc.Unsafe` and native access is reported as a warning from this release on. */
const FIRST_VERSION_WITH_UNSAFE_WARNINGS = 24

const REMEDY =
  'install a JDK 17 or newer, for example with `apt-get install openjdk-17-jdk-headless` or `brew install openjdk@17`, ' +
  'and have it on PATH or in JAVA_HOME'

/** The version in the output of `java -version`, or undefined when there is none. */
export function parseJavaVersion(output: string): string | undefined {
  return /version "([^"]+)"/.exec(output)?.[1]
}

/** The feature release of a Java version: 17 for "17.0.15", 8 for "1.8.0_392". */
export function javaFeatureVersion(version: string): number {
  const [first = '', second = ''] = version.split(/[._+-]/)
  return Number(first === '1' ? second : first)
}

// A version cannot change under a path while this process runs, and asking for it costs about 0.1 s of a core.
const versions = new Map<string, Promise<string | undefined>>()

async function versionOf(path: string, environment: Environment): Promise<string | undefined> {
  const known = versions.get(path)
  if (known !== undefined) return known
  const asked = runCommand(path, ['-version'], { environment, timeoutMs: 30_000 }).then((result) =>
    parseJavaVersion(result.output),
  )
  versions.set(path, asked)
  return asked
}

/**
 * Finds the Java to run Aeron with: that of JAVA_HOME, or else the first on PATH.
 *
 * @throws {AeronToolingError} JAVA_MISSING or JAVA_TOO_OLD, with what to install.
 */
export async function findJava(environment: Environment = process.env): Promise<JavaRuntime> {
  const home = environment['JAVA_HOME']
  const fromHome = home !== undefined && home !== ''
  const path = fromHome ? join(home, 'bin', 'java') : findOnPath('java', environment)
  if (path === undefined || !isExecutable(path)) {
    const searched = fromHome
      ? `JAVA_HOME is ${home}, where there is no bin/java`
      : 'there is no java on PATH'
    throw new AeronToolingError('JAVA_MISSING', `Cannot run Aeron: ${searched}; ${REMEDY}`, { searched })
  }
  const version = await versionOf(path, environment)
  if (version === undefined) {
    // The `java` of a Mac without a JDK is a stub that only says so.
    const searched = `${path} does not tell a version`
    throw new AeronToolingError('JAVA_MISSING', `Cannot run Aeron: ${searched}; ${REMEDY}`, { searched })
  }
  const featureVersion = javaFeatureVersion(version)
  if (!(featureVersion >= LOWEST_FEATURE_VERSION)) {
    const found = `${path} is version ${version}, and Aeron needs ${LOWEST_FEATURE_VERSION} or newer`
    throw new AeronToolingError('JAVA_TOO_OLD', `Cannot run Aeron: ${found}; ${REMEDY}`, { path, version })
  }
  return { path, version, featureVersion }
}

/** Heap, collector and compiler settings that let a dozen Java processes share two cores. */
export const SMALL_JVM_FLAGS: readonly string[] = [
  '-Xms64m',
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
]

/** The flags without which Aeron does not start, or warns on every start, on this release. */
export function requiredJvmFlags(featureVersion: number): readonly string[] {
  const opened = ['jdk.internal.misc', 'sun.nio.ch', 'java.util.zip'].flatMap((name) => [
    '--add-opens',
    `java.base/${name}=ALL-UNNAMED`,
  ])
  return featureVersion < FIRST_VERSION_WITH_UNSAFE_WARNINGS
    ? opened
    : [...opened, '--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow']
}
