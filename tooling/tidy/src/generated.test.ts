import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { ROOT } from './repository.ts'

test('generated code is what the generator writes', { timeout: 60_000 }, () => {
  const check = (): string =>
    execFileSync('pnpm', ['-r', 'generate', '--check'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' })
  expect(check).not.toThrow()
})
