import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Imports the module that the application named for a thread, inside it.
 *
 * @throws what `missing` gives when there is no such file; TypeError when Node.js does not know the kind of file, as TypeScript on Node.js 20; what the module throws
 * itself, or misses, as it is
 */
export async function importWorkerModule(
  action: string,
  moduleUrl: string,
  missing: (message: string, context: { readonly moduleUrl: string }) => Error,
): Promise<unknown> {
  try {
    return await import(moduleUrl)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new TypeError(
        `Cannot ${action}: ${error.message}; a loader of the main thread, such as tsx, has no effect in a thread on Node.js ${process.version}: ` +
          `name a JavaScript module that registers the loader and then imports this one`,
        { cause: error },
      )
    }
    // A loader may have found it under another name, so the import goes first.
    if (!moduleUrl.startsWith('file:') || existsSync(new URL(moduleUrl))) throw error
    throw missing(
      `Cannot ${action}: its module "${fileURLToPath(moduleUrl)}" does not exist; name the file as it is once the application is built, as by ` +
        `new URL('./worker.js', import.meta.url), and have a bundler emit it as an entry of its own`,
      { moduleUrl },
    )
  }
}
