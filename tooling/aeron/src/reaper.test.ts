import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../dev/reaper.mjs', import.meta.url))

let victim: ChildProcess
let folder: string

beforeEach(() => {
  victim = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
  folder = mkdtempSync(join(tmpdir(), 'reaper-'))
})

afterEach(() => {
  victim.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the helper on these messages, up to the end of its input and its own. */
async function reap(...messages: readonly object[]): Promise<number | null> {
  const helper = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'ignore', 'inherit'] })
  helper.stdin.end(messages.map((message) => `${JSON.stringify(message)}\n`).join(''))
  const [code] = (await once(helper, 'exit')) as [number | null]
  return code
}

test('reaper kills the processes and removes the paths that it was told of', async () => {
  const ended = once(victim, 'exit')
  await reap({ type: 'process', pid: victim.pid }, { type: 'path', path: folder })
  expect((await ended)[1]).toBe('SIGKILL')
  expect(existsSync(folder)).toBe(false)
})

test('reaper leaves alone a process that was told to have ended: its id may be that of a stranger', async () => {
  await reap({ type: 'process', pid: victim.pid }, { type: 'exited', pid: victim.pid })
  expect(victim.exitCode ?? victim.signalCode).toBeNull()
})

test('reaper leaves alone a path that is to stay', async () => {
  await reap({ type: 'path', path: folder }, { type: 'forget', path: folder })
  expect(existsSync(folder)).toBe(true)
})

test('reaper survives processes and paths that are gone already', async () => {
  expect(await reap({ type: 'process', pid: 2 ** 22 + 1 }, { type: 'path', path: '/nowhere/at/all' })).toBe(0)
})
