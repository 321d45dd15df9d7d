import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { AeronToolingError } from './aeron-tooling-error.ts'
import { findOnPath, runCommand } from './executable.ts'
import type { Environment } from './executable.ts'

/** The Go client that is exchanged with: the newest there is, of 2024-06-06. */
const AERON_GO = 'github.com/lirm/aeron-go'
const AERON_GO_VERSION = 'v0.0.0-20240606170339-8b05ad14e456'
/** Names a checkout of {@link AERON_GO}, which is used instead of a fetched one. */
const CHECKOUT_VARIABLE = 'AERON_GO_DIR'
/** Ours: a first build compiles Go's own library too. */
const BUILD_TIMEOUT_MS = 600_000

/** What {@link buildGoPrograms} is to build. */
export interface GoPrograms {
  /** An existing folder that takes the executables, and what is needed to make them. */
  readonly folder: string
  /** Folders that each hold the sources of a program of ours. */
  readonly sources?: readonly string[] | undefined
  /** aeron-go's own examples by their folders: "ping", or "archive/examples/basic_replayed_subscriber" for one that is elsewhere. */
  readonly examples?: readonly string[] | undefined
  /** Where PATH, AERON_GO_DIR and Go's own variables are looked up. @default process.env */
  readonly environment?: Environment | undefined
}

/**
 * Builds programs in Go on aeron-go: from the checkout that AERON_GO_DIR names, or else from the Go module proxy.
 *
 * @returns the path of an executable by the name of its example, or of its folder
 * @throws {AeronToolingError} GO_MISSING, or GO_BUILD_FAILED with what Go said.
 */
export async function buildGoPrograms(programs: GoPrograms): Promise<(name: string) => string> {
  const { folder, sources = [], examples = [], environment = process.env } = programs
  const checkout = environment[CHECKOUT_VARIABLE]
  const go = findOnPath('go', environment)
  if (go === undefined) {
    throw new AeronToolingError(
      'GO_MISSING',
      'Cannot build programs in Go: there is no go on PATH; install Go 1.20 or newer, for example with `apt-get install golang-go` or `brew install go`',
      {},
    )
  }
  writeModule(folder, sources, checkout)
  const packages = [
    ...sources.map((source) => `./${basename(source)}`),
    ...examples.map((name) => `${AERON_GO}/${name.includes('/') ? name : `examples/${name}`}`),
  ]
  const executables = join(folder, 'bin')
  mkdirSync(executables, { recursive: true })
  // A workspace takes the checksums of the checkout; without one they have to be fetched too.
  const flags = checkout === undefined ? ['-mod=mod'] : []
  const args = ['-C', folder, 'build', ...flags, '-o', `${executables}/`, ...packages]
  const { code, output } = await runCommand(go, args, { environment, timeoutMs: BUILD_TIMEOUT_MS })
  if (code !== 0) {
    const from = checkout === undefined ? 'the Go module proxy' : `the checkout "${checkout}"`
    throw new AeronToolingError(
      'GO_BUILD_FAILED',
      `Cannot build programs in Go with ${AERON_GO} from ${from}; where the proxy does not have it, name a checkout in ${CHECKOUT_VARIABLE}. Go said:\n${output.trim()}`,
      { checkout },
    )
  }
  return (name) => join(executables, name)
}

function writeModule(folder: string, sources: readonly string[], checkout: string | undefined): void {
  for (const source of sources) cpSync(source, join(folder, basename(source)), { recursive: true })
  const module = ['module exchange', '', 'go 1.20', '']
  if (checkout === undefined) {
    module.push(`require ${AERON_GO} ${AERON_GO_VERSION}`, '')
  } else {
    // A workspace asks no proxy for what is in it.
    const workspace = ['go 1.20', '', 'use .', `use ${JSON.stringify(resolve(checkout))}`, '']
    writeFileSync(join(folder, 'go.work'), workspace.join('\n'))
  }
  writeFileSync(join(folder, 'go.mod'), module.join('\n'))
}
