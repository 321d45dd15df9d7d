import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { AERON_ARTIFACT, findJava } from '@x/aeron-tooling'

/** Where and with what was measured. */
export interface Machine {
  readonly node: string
  readonly v8: string
  readonly jdk: string
  readonly go: string
  readonly aeron: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly kernel: string
  readonly date: string
  /** Processes that wanted a core in the minute before. */
  readonly loadBefore: number
}

function goVersion(): string {
  try {
    return execFileSync('go', ['version'], { encoding: 'utf8' }).trim().replace('go version ', '')
  } catch {
    return 'none'
  }
}

/** The name of the processor; what /proc says, since Node.js has it without a part of the name on some machines. */
function cpuModel(): string {
  try {
    return /^model name\s*:\s*(.+)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown'
  } catch {
    return cpus()[0]?.model ?? 'unknown'
  }
}

/** Looks at this machine. */
export async function describeMachine(): Promise<Machine> {
  return {
    node: process.version,
    v8: process.versions.v8,
    jdk: (await findJava()).version,
    go: goVersion(),
    aeron: AERON_ARTIFACT.version,
    cpu: cpuModel(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${type()} ${release()}`,
    date: new Date().toISOString(),
    loadBefore: loadavg()[0] ?? 0,
  }
}

/** A machine with so much to do for each core is not idle: ours. */
const BUSY_LOAD = 0.25

function loadText({ loadBefore, cores }: Machine): string {
  const load = `load average before the run ${loadBefore.toFixed(1)}`
  return loadBefore / cores > BUSY_LOAD
    ? `${load}: **the machine was busy, so trust nothing with a large ±**`
    : load
}

/** One line a fact, as Markdown. */
export function machineMarkdown(machine: Machine): string {
  return [
    `- Node.js ${machine.node} (V8 ${machine.v8}), JDK ${machine.jdk}, Go ${machine.go}, Aeron ${machine.aeron}`,
    `- ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.kernel}`,
    `- ${machine.date}, ${loadText(machine)}`,
  ].join('\n')
}
