import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const TIMEOUT_MS = 120_000

let sample: ChildProcess | undefined

afterEach(() => {
  sample?.kill('SIGKILL')
})

interface Run {
  readonly exitCode: Promise<number | null>
  readonly output: () => string
}

function runSample(...args: string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@x/source', MAIN, ...args], {
    // Here its own tsx is found.
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  sample = child
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
  }
  return {
    exitCode: new Promise((resolve) => child.once('close', (code) => resolve(code))),
    output: () => output,
  }
}

test(
  'the sample echoes every message through a real cluster and exits 0',
  { timeout: TIMEOUT_MS },
  async () => {
    const run = runSample('--messages', '2000', '--rate', '2000')
    expect(await run.exitCode, run.output()).toBe(0)
    expect(run.output()).toContain('sent 2000, echoed 2000, lost 0, duplicated 0, out of order 0')
    expect(run.output()).toMatch(/timer ticks [1-9]/)
  },
)

test('the sample ends cleanly on Ctrl-C', { timeout: TIMEOUT_MS }, async () => {
  const run = runSample()
  await expect.poll(run.output, { timeout: 60_000 }).toMatch(/leader @ .* echoed/)
  sample?.kill('SIGINT')
  expect(await run.exitCode, run.output()).toBe(0)
  expect(run.output()).toMatch(/lost 0, duplicated 0, out of order 0/)
})

test('the sample refuses a count that is none', { timeout: TIMEOUT_MS }, async () => {
  const run = runSample('--messages', 'many')
  expect(await run.exitCode).toBe(1)
  expect(run.output()).toContain('must be an integer')
})
