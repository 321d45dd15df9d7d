import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'tsup'

/**
 * As a server runs: with a young generation about as large as that of the heap that the JVMs get. With the 1 MiB that Node.js 20 starts with, ping, of whose
 * readings of the clock each makes an object, was interrupted every 18 ms, and pong by the threads that help. The memory is measured after a collection.
 */
export const NODE_FLAGS: readonly string[] = [
  '--min-semi-space-size=32',
  '--max-semi-space-size=32',
  '--expose-gc',
]

/** As the packages are built: fields that are only declared leave nothing behind. */
const AS_PACKAGES = fileURLToPath(new URL('../../../tsconfig/base.json', import.meta.url))
/** As applications, and what is generated for them, are built. */
export const AS_APPLICATIONS: string = fileURLToPath(new URL('../../tsconfig.json', import.meta.url))

/**
 * Bundles programs as users run them: JavaScript, in a folder that finds the packages that stay outside. The settings of the compiler are named, as the
 * bundler takes those of the working directory otherwise.
 */
export async function bundle(
  entry: Readonly<Record<string, string>>,
  outputFolder: string,
  tsconfig: string = AS_PACKAGES,
): Promise<void> {
  await build({
    entry: { ...entry },
    outDir: outputFolder,
    format: ['esm'],
    platform: 'node',
    target: 'node20.19',
    noExternal: [/^@x\//],
    external: ['koffi', 'hdr-histogram-js'],
    esbuildOptions: (options) => {
      options.conditions = ['@x/source']
      // As the packages are built.
      options.minifySyntax = true
    },
    config: false,
    tsconfig,
    silent: true,
  })
}

/** Bundles all programs of a folder. */
export async function buildNodePrograms(sourceFolder: string, outputFolder: string): Promise<void> {
  const sources = readdirSync(sourceFolder).filter((name) => name.endsWith('.ts'))
  const entry = sources.map((name) => [basename(name, '.ts'), join(sourceFolder, name)] as const)
  await bundle(Object.fromEntries(entry), outputFolder)
}
