import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Machine } from '../src/machine.ts'
import type { Row } from '../src/results.ts'

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')
const TIMEOUT_MS = 240_000

interface Run {
  readonly pid: number
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

async function bench(...args: string[]): Promise<Run> {
  return benchWith({}, ...args)
}

async function benchWith(variables: NodeJS.ProcessEnv, ...args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    // Without a checkout of aeron-go there is a reason in the table, and no network is asked.
    const proxy = process.env['AERON_GO_DIR'] === undefined ? { GOPROXY: 'off' } : {}
    const env = { ...process.env, ...proxy, ...variables }
    const command = ['--import', TSX, MAIN, ...args]
    const child = execFile(
      process.execPath,
      command,
      { env, timeout: TIMEOUT_MS },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        resolve({ pid: child.pid ?? 0, code, stdout, stderr })
      },
    )
  })
}

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-'))
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test(
  'one case, one round: figures, versions, files, and nothing left behind',
  async () => {
    const json = join(folder, 'out.json')
    const markdown = join(folder, 'out.md')
    const files = ['--json', json, '--markdown', markdown, '--svg', join(folder, 'svg')]
    const run = await bench('ipc-round-trip/event-loop', '--rounds', '1', ...files)
    expect(run.code, run.stderr).toBe(0)

    const { machine, rows } = JSON.parse(readFileSync(json, 'utf8')) as { machine: Machine; rows: Row[] }
    expect(machine).toMatchObject({ node: process.version, cores: expect.any(Number) as number })
    expect(rows.map((row) => row.title.split(', ').at(-1))).toEqual(['p50', 'p99', 'p99.9', 'max'])
    for (const row of rows) {
      expect(row.figures.ours).toMatchObject({ median: expect.any(Number) as number })
      expect(row.figures.java).toMatchObject({ median: expect.any(Number) as number })
      expect(row.comparisons.java?.ratio).toBeGreaterThan(0)
      // A figure, or the reason: never nothing.
      const go = typeof row.figures.go === 'string' ? row.figures.go : `median ${row.figures.go.median}`
      expect(go).toMatch(/^(?:cannot build the Go programs: .+|no round gave a value.+|median [1-9].*)$/)
    }
    expect(readFileSync(markdown, 'utf8')).toBe(run.stdout.trimEnd() + '\n')
    expect(run.stdout).toContain('No goal belongs to what was measured.')
    expect(readdirSync(join(folder, 'svg'))).toEqual(['ipc-round-trip-event-loop-roundTrip.svg'])

    for (const place of ['/dev/shm', tmpdir()]) {
      expect(readdirSync(place).filter((name) => name.includes(`-${run.pid}-`))).toEqual([])
    }
  },
  TIMEOUT_MS,
)

test('a mistake in the command ends with a message and code 1', async () => {
  const run = await bench('no-such-case')
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect(run.stderr).toMatch(/^Cannot run no-such-case: NAME must be one of ipc-throughput/)
  expect(run.stderr).not.toMatch(/^ +at /m)
}, 180_000)

test('a machine without Java is told what to install', async () => {
  const run = await benchWith({ PATH: folder, JAVA_HOME: '' }, 'start-up')
  expect(run).toMatchObject({ code: 1, stdout: '' })
  expect(run.stderr).toMatch(/^Cannot run Aeron: there is no java on PATH; install a JDK/)
  expect(run.stderr).not.toMatch(/^ +at /m)
}, 180_000)

test('--list and --help start nothing', async () => {
  const list = await bench('--list')
  expect(list).toMatchObject({ code: 0, stderr: '' })
  expect(list.stdout).toContain('  ipc-throughput/claim-32\n')
  expect((await bench('--help')).stdout).toMatch(/^Usage: pnpm bench/)
}, 180_000)
