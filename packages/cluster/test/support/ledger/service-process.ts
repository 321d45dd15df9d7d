import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchServiceContainer, poll, type ClusterMember, type ServerProcess } from '@x/aeron-tooling'
import type { JavaLedger } from './java-ledger.ts'

const PROGRAM = fileURLToPath(new URL('ledger-member.ts', import.meta.url))
// A machine that is busy with others takes long to load TypeScript three times at once.
const START_TIMEOUT_MS = 90_000
/** Where a mark file tells when its owner was last alive. Protocol: ClusterMarkFile. */
const ACTIVITY_TIMESTAMP_OFFSET = 16

/** The service process of one member, in either language. */
export interface ServiceProcess {
  /** Starts it, and waits until it is there. */
  start(): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** Ends it at once, and waits. */
  kill(): Promise<void>
  /** Ends it gently, and waits. */
  close(): Promise<void>
  /** What it said since the last start. */
  readonly output: string
}

/** A TypeScript service in a Node.js process. */
export class NodeService implements ServiceProcess {
  readonly #member: ClusterMember
  #child: ChildProcess | undefined
  #output = ''

  constructor(member: ClusterMember) {
    this.#member = member
  }

  get output(): string {
    return this.#output
  }

  /** Starts it and waits until it is active. Throws with its output when it is not. */
  async start(): Promise<void> {
    this.allowRestart()
    this.spawn()
    await this.until(/^active with/m)
  }

  /** Starts it and does not wait. */
  spawn(): void {
    const { aeronDirectory, clusterDirectory } = this.#member
    const args = ['--import', 'tsx', '--conditions=@x/source', PROGRAM, aeronDirectory, clusterDirectory]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    this.#output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString()
      })
    }
  }

  /** Waits until it has said something. */
  async until(pattern: RegExp, timeoutMs: number = START_TIMEOUT_MS): Promise<RegExpExecArray> {
    return poll(() => pattern.exec(this.#output) ?? undefined, {
      action: `read ${pattern} from the service of member ${this.#member.memberId}`,
      timeoutMs,
      describe: () => `${this.#output}\n${this.#member.logTail(20)}`,
    })
  }

  signal(signal: NodeJS.Signals): void {
    this.#child?.kill(signal)
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  async close(): Promise<void> {
    await this.#end('SIGTERM')
  }

  /** Waits until it has ended by itself. */
  async exited(): Promise<number | null> {
    const child = this.#child
    if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    return child?.exitCode ?? null
  }

  /** Tells the mark file that the process that was killed has ended: otherwise nobody knows for 10 seconds. */
  allowRestart(): void {
    markEnded(serviceMarkFile(this.#member))
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal)
    await this.exited()
    this.#child = undefined
  }
}

/** The Java twin in Java's container. */
export class JavaService implements ServiceProcess {
  readonly #member: ClusterMember
  readonly #ledger: JavaLedger
  #process: ServerProcess | undefined

  constructor(member: ClusterMember, ledger: JavaLedger) {
    this.#member = member
    this.#ledger = ledger
  }

  get output(): string {
    return this.#process?.logTail(50) ?? ''
  }

  async start(): Promise<void> {
    if (this.#process !== undefined) return this.#process.restart()
    markEnded(serviceMarkFile(this.#member))
    this.#process = await launchServiceContainer(this.#member, { ...this.#ledger })
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.signal(signal)
  }

  async kill(): Promise<void> {
    await this.#process?.kill()
  }

  async close(): Promise<void> {
    await this.#process?.close()
    // Its folder is gone with it: the next one has its own.
    this.#process = undefined
  }
}

function serviceMarkFile({ clusterDirectory }: ClusterMember): string {
  return join(clusterDirectory, 'cluster-mark-service-0.dat')
}

function markEnded(path: string): void {
  let file: number
  try {
    file = openSync(path, 'r+')
  } catch {
    return
  }
  const ended = Buffer.alloc(8)
  ended.writeBigInt64LE(-1n)
  writeSync(file, ended, 0, 8, ACTIVITY_TIMESTAMP_OFFSET)
  closeSync(file)
}
