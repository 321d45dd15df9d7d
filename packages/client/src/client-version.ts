import { readFileSync } from 'node:fs'

const PACKAGE_NAME = '@x/client'

/** Version of this package; `unknown` when it has been bundled away from its manifest, also into the folder of another package. */
export function clientVersion(moduleUrl: string = import.meta.url): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', moduleUrl), 'utf8'))
    if (
      typeof manifest === 'object' &&
      manifest !== null &&
      'name' in manifest &&
      manifest.name === PACKAGE_NAME &&
      'version' in manifest
    ) {
      return String(manifest.version)
    }
  } catch {
    // Only a label depends on it.
  }
  return 'unknown'
}
