import { AtomicBuffer } from '@x/atomic'
import { mapNewFile } from '@x/mmap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { LITMUS_CASES, REGION_LENGTH } from './litmus-cases.ts'
import { violationsOffset } from './litmus-layout.ts'

/** How the two agents run; the last are processes without V8's last compiler, whose code the middle one, Maglev, then compiles for good. */
export type LitmusAgents = 'threads' | 'processes' | 'processes without TurboFan'

async function runAgent(kind: LitmusAgents, args: string[]): Promise<void> {
  if (kind === 'threads') {
    const worker = new Worker(new URL('litmus-agent.mjs', import.meta.url), {
      workerData: args,
      execArgv: ['--conditions=@x/source'],
    })
    const [code] = (await once(worker, 'exit')) as [number]
    if (code !== 0) throw new Error(`Agent ended with ${code}`)
    return
  }
  const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
  if (kind === 'processes without TurboFan') flags.push('--no-turbofan')
  const program = fileURLToPath(new URL('litmus-agent.ts', import.meta.url))
  const child = spawn(process.execPath, [...flags, program, ...args], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`Agent ended with ${code}`)
}

/** Violations in each case, by its name. */
export async function runLitmus(kind: LitmusAgents): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'litmus-'))
  const path = join(folder, 'memory')
  using file = mapNewFile(path, 4096 + LITMUS_CASES.length * REGION_LENGTH)
  try {
    await Promise.all(['0', '1'].map((role) => runAgent(kind, [path, role])))
    const control = AtomicBuffer.wrap(file.memory, 0, 4096)
    const results = LITMUS_CASES.map(({ name, check, rounds }, i): [string, number] => {
      const region = AtomicBuffer.wrap(file.memory, 4096 + i * REGION_LENGTH, REGION_LENGTH)
      const seen = control.getInt32(violationsOffset(i, 0)) + control.getInt32(violationsOffset(i, 1))
      return [name, seen + (check?.(region, rounds) ?? 0)]
    })
    return new Map(results)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
