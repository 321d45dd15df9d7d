import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'tsup'

/** Bundles our programs as users run them: JavaScript, in a folder that finds the packages that stay outside. */
export async function buildNodePrograms(sourceFolder: string, outputFolder: string): Promise<void> {
  const sources = readdirSync(sourceFolder).filter((name) => name.endsWith('.ts'))
  await build({
    entry: Object.fromEntries(sources.map((name) => [basename(name, '.ts'), join(sourceFolder, name)])),
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
