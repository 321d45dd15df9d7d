import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/** A thread that starts from a file of one of these packages. */
export interface PackageThread {
  /** What cannot be done without it, for the error. */
  readonly action: string
  /** The package that the file belongs to. */
  readonly packageName: string
  /** `import.meta.url` of the caller; undefined in a bundle of CommonJS. */
  readonly callerUrl: string | undefined
  /** The file, relative to the caller once that is built. */
  readonly built: string
  /** A JavaScript file that starts it from source: not every Node.js that is supported knows TypeScript. */
  readonly source: string
}

/** Makes the error for a file that is not there. */
export type MissingThreadFile = (message: string, context: { readonly path: string | undefined }) => Error

/** Starts a thread from a file of one of these packages. @throws what `missing` gives when the file is not there, as in a bundle */
export function startPackageThread(
  { action, packageName, callerUrl, built, source }: PackageThread,
  options: WorkerOptions,
  missing: MissingThreadFile,
): Worker {
  if (callerUrl?.endsWith('.ts') === true) {
    return new Worker(new URL(source, callerUrl), { ...options, execArgv: ['--conditions=@x/source'] })
  }
  const file = callerUrl === undefined ? undefined : new URL(built, callerUrl)
  if (file !== undefined && existsSync(file)) return new Worker(file, options)
  const path = file?.protocol === 'file:' ? fileURLToPath(file) : undefined
  throw missing(
    `Cannot ${action}: the file that its thread starts from must be beside the code of ${packageName}, and "${path ?? built}" does not exist; ` +
      `if ${packageName} was bundled into the application, mark it as external in the bundler and install it instead`,
    { path },
  )
}
