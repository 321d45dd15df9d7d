import { spawn } from 'node:child_process'
import { AeronToolingError } from './aeron-tooling-error.ts'
import { findOnPath, runCommand } from './executable.ts'
import type { CommandResult, Environment } from './executable.ts'
import { findJava } from './java-runtime.ts'
import { reaper } from './reaper.ts'

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'

/** What the dependency plugin above asks for. */
const LOWEST_MAVEN = [3, 6, 3] as const

/** Ours: a fetch of the plugin and 3 MB over a slow line; Maven itself would wait for half an hour. */
const FETCH_TIMEOUT_MS = 300_000

const REMEDY =
  'install Maven 3.6.3 or newer, for example with `apt-get install openjdk-17-jdk-headless maven` or `brew install maven`'

/** What {@link copyWithMaven} is to do. */
export interface MavenCopy {
  /** As `groupId:artifactId:version`. */
  readonly artifact: string
  /** An existing folder; the jar comes to lie in it under its own name. */
  readonly folder: string
  readonly environment: Environment
  readonly onProgress: (message: string) => void
  /** What else the user may do, as the end of a sentence. */
  readonly alternative: string | undefined
}

/** The version in the output of `mvn --version`, or undefined. */
export function parseMavenVersion(output: string): string | undefined {
  return /Apache Maven (\d+\.\d+\.\d+\S*)/.exec(output)?.[1]
}

/** True when a version such as "3.8.7" is new enough for the dependency plugin. */
export function isMavenNewEnough(version: string): boolean {
  const parts = version.split(/[.-]/).map(Number)
  const differing = LOWEST_MAVEN.findIndex((lowest, index) => lowest !== parts[index])
  return differing === -1 || (parts[differing] ?? 0) > (LOWEST_MAVEN[differing] ?? 0)
}

async function findMaven(request: MavenCopy): Promise<{ path: string; version: string }> {
  const { artifact, environment } = request
  const remedy = REMEDY + orElse(request)
  const path = findOnPath('mvn', environment)
  if (path === undefined) {
    const searched = 'there is no mvn on PATH'
    throw new AeronToolingError('MAVEN_MISSING', `Cannot fetch ${artifact}: ${searched}; ${remedy}`, {
      searched,
    })
  }
  const { output } = await runCommand(path, ['--batch-mode', '--version'], { environment, timeoutMs: 60_000 })
  // Maven 3 colours its version even where nobody looks.
  // oxlint-disable-next-line no-control-regex
  const version = parseMavenVersion(output.replaceAll(/\u001b\[[0-9;]*m/g, ''))
  if (version === undefined) {
    const searched = `${path} does not tell a version but says: ${output.trim()}`
    throw new AeronToolingError('MAVEN_MISSING', `Cannot fetch ${artifact}: ${searched}; ${remedy}`, {
      searched,
    })
  }
  if (!isMavenNewEnough(version)) {
    const found = `${path} is version ${version}, and 3.6.3 or newer is needed`
    throw new AeronToolingError('MAVEN_TOO_OLD', `Cannot fetch ${artifact}: ${found}; ${remedy}`, {
      path,
      version,
    })
  }
  return { path, version }
}

function orElse({ alternative }: MavenCopy): string {
  return alternative === undefined ? '' : `, or ${alternative}`
}

/** Runs Maven in a process group of its own, which the reaper ends should this process not live to see the end. */
async function run(path: string, args: readonly string[], request: MavenCopy): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(path, args, {
      // No project's pom.xml may have a say.
      cwd: request.folder,
      env: request.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const { pid } = child
    if (pid !== undefined) reaper.watchProcess(pid)
    let output = ''
    const collect = (chunk: Buffer): void => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const timer = setTimeout(() => child.kill('SIGKILL'), FETCH_TIMEOUT_MS)
    const finish = (code: number | undefined): void => {
      clearTimeout(timer)
      if (pid !== undefined) reaper.processExited(pid)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += error.message
      finish(undefined)
    })
    child.on('close', (code) => finish(code ?? undefined))
  })
}

/**
 * Copies an artifact into a folder with the ordinary Maven client, so that the user's mirrors, proxies and credentials count.
 *
 * @throws {AeronToolingError} JAVA_MISSING, JAVA_TOO_OLD, MAVEN_MISSING, MAVEN_TOO_OLD or FETCH_FAILED.
 */
export async function copyWithMaven(request: MavenCopy): Promise<void> {
  const { artifact, environment, folder, onProgress } = request
  await findJava(environment)
  const maven = await findMaven(request)
  const args = [
    '-q',
    '-B',
    `${DEPENDENCY_PLUGIN}:copy`,
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${folder}`,
  ]
  onProgress(`fetching ${artifact} with Maven ${maven.version} ...`)
  reaper.watchPath(folder)
  try {
    let result = await run(maven.path, args, request)
    if (result.code !== 0) {
      // Two Mavens that fill one local repository at the same time can trip over each other once.
      onProgress(`Maven failed to fetch ${artifact}, trying once more ...`)
      result = await run(maven.path, args, request)
    }
    if (result.code === 0) return
    throw new AeronToolingError(
      'FETCH_FAILED',
      `Cannot fetch ${artifact}: ${maven.path} ended with ${result.code ?? 'a signal'}; see to the network or to Maven's settings.xml${orElse(request)}. ` +
        `Maven said:\n${result.output.trim()}`,
      { artifact },
    )
  } finally {
    reaper.forgetPath(folder)
  }
}
