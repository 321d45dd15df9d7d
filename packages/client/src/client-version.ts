import { readFileSync } from 'node:fs'

/** Version of this package; `unknown` when it has been bundled away from its manifest. */
export function clientVersion(): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
      return String(manifest.version)
    }
  } catch {
    // Only a label depends on it.
  }
  return 'unknown'
}
