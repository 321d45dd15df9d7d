import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build, type Plugin } from 'esbuild'
import { END, STEADY } from './marks.ts'

/** What a program was seen to cost once it was warm. */
export interface SteadyState {
  /** Bytes of heap per message, by case. */
  readonly bytes: Readonly<Record<string, number>>
  /** The engine's lines on what it deoptimised meanwhile, each behind its case. */
  readonly deoptimised: readonly string[]
}

const FLAGS = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256', '--trace-deopt']
const OTHERS = /^[^./]/

/** Packages of others are not moved into the bundle: what is native in them does not go there. */
const outside: Plugin = {
  name: 'outside',
  setup: (building) => {
    building.onResolve({ filter: OTHERS }, async ({ path, kind, resolveDir, pluginData: isAsked }) => {
      if (isAsked === true || /^(?:@x\/|node:)/.test(path)) return undefined
      const found = await building.resolve(path, { kind, resolveDir, pluginData: true })
      return { ...found, external: true }
    })
  },
}

/**
 * Runs a TypeScript program that counts its cases with `countHeap`, and reports. It runs as one bundle, so that no loader of modules works, and is
 * deoptimised, beside it; constants are where they are used, as in the published packages.
 */
export async function measureSteadyState(
  program: string,
  args: readonly string[] = [],
): Promise<SteadyState> {
  const folder = mkdtempSync(join(tmpdir(), 'steady-state-'))
  try {
    const outfile = join(folder, 'program.mjs')
    await build({
      entryPoints: [program],
      bundle: true,
      outfile,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      conditions: ['@x/source'],
      minifySyntax: true,
      plugins: [outside],
      logLevel: 'silent',
    })
    const options = { maxBuffer: 64 * 1024 * 1024 }
    const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, outfile, ...args], options)
    return read(stdout.split('\n'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function read(lines: readonly string[]): SteadyState {
  const deoptimised: string[] = []
  let bytes: Readonly<Record<string, number>> | undefined
  let steady: string | undefined
  for (const line of lines) {
    if (line.startsWith(STEADY)) steady = line.slice(STEADY.length)
    else if (line === END) steady = undefined
    else if (line.startsWith('{')) bytes = JSON.parse(line) as Readonly<Record<string, number>>
    else if (steady !== undefined && isDeoptimisation(line)) deoptimised.push(`${steady}: ${line}`)
  }
  if (bytes === undefined) throw new Error('Cannot read the steady state: the program has reported nothing')
  return { bytes, deoptimised }
}

/** A loop that moves on to better code is not a step back. */
function isDeoptimisation(line: string): boolean {
  return line.includes('bailout') && !line.includes('OSR')
}
