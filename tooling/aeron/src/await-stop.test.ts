import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { awaitStop } from './await-stop.ts'

test.runIf(process.platform === 'linux')(
  'a stopped process stands still when the wait is over, and one that has ended is not waited for',
  async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' })
    await once(child, 'spawn')
    try {
      child.kill('SIGSTOP')
      awaitStop(child.pid!)
      expect(readFileSync(`/proc/${child.pid}/stat`, 'latin1')).toMatch(/\) T /)
    } finally {
      child.kill('SIGKILL')
    }
    await once(child, 'exit')
    awaitStop(child.pid!)
  },
)
