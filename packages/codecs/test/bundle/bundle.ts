import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))

/** A bundle, and the files of the repository that are in it. */
export interface Bundle {
  readonly text: string
  readonly inputs: readonly string[]
}

/** Bundles a program for browsers from source, as a user's bundler would: a Node.js import in it is an error. */
export async function bundle(source: string, resolveDir: string = FOLDER): Promise<Bundle> {
  const result = await build({
    stdin: { contents: source, resolveDir, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@x/source'],
    logLevel: 'silent',
  })
  const [output] = Object.values(result.metafile.outputs)
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0)
  return {
    text: result.outputFiles[0]?.text ?? '',
    inputs: inputs.map(([path]) => path.replace(/^(?:.*\/)?src\//, '')).filter((path) => path !== '<stdin>'),
  }
}
