import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The top folder of the repository. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url))

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.turbo', 'coverage'])

/** Paths, relative to the top folder, of the files under `folder` for which `accept` says yes. */
export function filesUnder(folder: string, accept: (path: string) => boolean): string[] {
  const found: string[] = []
  const visit = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (SKIPPED.has(entry.name)) continue
      const child = join(path, entry.name)
      if (entry.isDirectory()) visit(child)
      else if (accept(child)) found.push(relative(ROOT, child))
    }
  }
  visit(join(ROOT, folder))
  return found.sort()
}

/** The text of a file named relative to the top folder. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Hand-written sources of the published packages, without tests and generated code. */
export function librarySources(): string[] {
  return filesUnder('packages', (path) => /\/src\/(?!gen\/).*(?<!\.test)\.ts$/.test(path))
}
