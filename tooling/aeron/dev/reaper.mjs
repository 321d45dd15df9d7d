// Ends what a Node.js process leaves behind, however it ends: its stdin is a pipe that only that process holds open, so the end
// of the pipe is the end of the process, even by kill -9. One JSON message a line, see src/reaper.ts.
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long killed processes may take to be gone, in milliseconds. */
const KILL_TIMEOUT_MS = 10_000

/** Process id to start time @type {Map<number, string | undefined>} */
const processes = new Map()
/** @type {Set<string>} */
const paths = new Set()

/**
 * When the process started, in words that differ for another process of the same id; undefined when there is none.
 * @param {number} pid
 * @returns {string | undefined}
 */
function startTimeOf(pid) {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The command name may hold blanks and brackets, so count from behind it: state is then 0 and the start time 19.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? undefined : fields[19]
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
  } catch {
    return undefined
  }
}

/** @param {number} pid */
function kill(pid) {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
}

/** @param {string} line */
function onMessage(line) {
  const message = JSON.parse(line)
  switch (message.type) {
    case 'process':
      processes.set(message.pid, startTimeOf(message.pid))
      break
    case 'exited':
      processes.delete(message.pid)
      break
    case 'path':
      paths.add(message.path)
      break
    case 'forget':
      paths.delete(message.path)
      break
  }
}

async function reap() {
  const alive = () =>
    [...processes].filter(([pid, startTime]) => startTime !== undefined && startTimeOf(pid) === startTime)
  for (const [pid] of alive()) kill(pid)
  const deadline = Date.now() + KILL_TIMEOUT_MS
  while (alive().length > 0 && Date.now() < deadline) await sleep(10)
  for (const path of paths) rmSync(path, { recursive: true, force: true, maxRetries: 3 })
}

// A broad kill must not take away the one that cleans up after it; the end of the pipe ends this process soon enough.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})

for await (const line of createInterface({ input: process.stdin })) onMessage(line)
await reap()
