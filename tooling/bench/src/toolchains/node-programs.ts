import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'tsup'

/** Bundles programs as users run them: JavaScript, in a folder that finds the packages that stay outside. */
export async function bundle(entry: Readonly<Record<string, string>>, outputFolder: string): Promise<void> {
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
    silent: true,
  })
}

/** Bundles all programs of a folder. */
export async function buildNodePrograms(sourceFolder: string, outputFolder: string): Promise<void> {
  const sources = readdirSync(sourceFolder).filter((name) => name.endsWith('.ts'))
  const entry = sources.map((name) => [basename(name, '.ts'), join(sourceFolder, name)] as const)
  await bundle(Object.fromEntries(entry), outputFolder)
}
