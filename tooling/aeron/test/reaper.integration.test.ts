import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { poll } from '../src/index.ts'

const PARENT = fileURLToPath(new URL('leaving-parent.ts', import.meta.url))

interface LeftBehind {
  readonly pids: readonly number[]
  readonly paths: readonly string[]
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function startParent(mode: string): Promise<{ parent: ChildProcess; left: LeftBehind }> {
  const parent = spawn(process.execPath, ['--import', 'tsx', PARENT, mode], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    // The uncaught error is on purpose and would only alarm who reads the output of the tests.
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface({ input: parent.stdout })) {
    return { parent, left: JSON.parse(line) as LeftBehind }
  }
  throw new Error('the parent ended before its driver was up')
}

async function expectNothingLeft({ pids, paths }: LeftBehind): Promise<void> {
  await poll(() => !pids.some(isAlive) && !paths.some((path) => existsSync(path)), {
    action: 'see everything gone that the parent left',
    timeoutMs: 30_000,
    describe: () =>
      `alive: ${pids.filter(isAlive).join(', ')}; there: ${paths.filter((path) => existsSync(path)).join(', ')}`,
  })
  expect(pids).toHaveLength(2)
}

for (const signal of ['SIGKILL', 'SIGINT', 'SIGTERM'] as const) {
  test(`nothing is left behind by a parent that gets ${signal}`, async () => {
    const { parent, left } = await startParent('wait')
    expect(left.pids.every(isAlive)).toBe(true)
    const ended = once(parent, 'exit')
    parent.kill(signal)
    await ended
    await expectNothingLeft(left)
  })
}

for (const mode of ['throw', 'exit']) {
  test(`nothing is left behind by a parent that ends by ${mode}`, async () => {
    const { parent, left } = await startParent(mode)
    if (parent.exitCode === null) await once(parent, 'exit')
    expect(parent.exitCode).toBe(mode === 'throw' ? 1 : 0)
    await expectNothingLeft(left)
  })
}
