import { type JavaProgram, launchMediaDriver, readCounters } from '@x/aeron-tooling'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { Aeron, BufferClaim, FragmentAssembler, isRetryable, type Subscription } from '@x/client'
import { campaignFault } from './campaign-message.ts'
import { type Ending, Progress, PROGRESS_STRIDE, type PublisherPlan } from './campaign-plan.ts'
import { compileJavaPublisher, launchJavaPublisher } from './java-publisher.ts'

const STREAM_ID = 10
const TERM_LENGTH = 65_536
const MAX_MESSAGE_LENGTH = TERM_LENGTH / 8
const CHANNEL = `aeron:ipc?term-length=${TERM_LENGTH}`
/** Driver counter of publications that it has unblocked. Protocol: Aeron's `SystemCounterDescriptor`. */
const UNBLOCKED_PUBLICATIONS = 19
/** The driver takes a claim for dead after the second; a living process must not be set aside for as long, also on a busy machine. */
const TIMEOUTS = {
  'aeron.client.liveness.timeout': '3s',
  'aeron.publication.unblock.timeout': '3200ms',
  'aeron.timer.interval': '100ms',
}

/** Where publishers run, what they do, and how they end. */
export interface Campaign {
  readonly processes?: readonly Ending[]
  readonly threads?: number
  readonly javas?: readonly Ending[]
  /** Messages of each publisher. */
  readonly count: number
  readonly timeoutMs: number
  /** Milliseconds after which a publisher process that would finish is killed wherever it is, one each. */
  readonly killsAfterMs?: readonly number[]
}

/** What a campaign has shown. */
export interface CampaignResult {
  readonly faults: readonly string[]
  /** Messages received from each publisher. */
  readonly received: readonly number[]
  /** Messages that each publisher says it has committed. */
  readonly committed: readonly number[]
  readonly rotations: number
  readonly unblocked: number
  readonly durationMs: number
}

interface Publisher {
  readonly plan: PublisherPlan
  readonly ended: Promise<unknown>
  committed(): number
  kill(): Promise<unknown>
}

class Fleet {
  readonly publishers: Publisher[] = []
  readonly folder: string = mkdtempSync(join(tmpdir(), 'campaign-'))
  readonly progress: Progress
  readonly #aeronDirectory: string
  readonly #count: number
  readonly #progressPath: string

  constructor(aeronDirectory: string, count: number) {
    this.#aeronDirectory = aeronDirectory
    this.#count = count
    this.#progressPath = join(this.folder, 'progress')
    writeFileSync(this.#progressPath, '')
    truncateSync(this.#progressPath, 64 * PROGRESS_STRIDE)
    this.progress = new Progress(this.#progressPath)
  }

  addProcess(ending: Ending): void {
    const plan = this.#plan(ending)
    const flags = ['--import', import.meta.resolve('tsx'), '--conditions=@x/source']
    const program = fileURLToPath(new URL('publisher.ts', import.meta.url))
    const child: ChildProcess = spawn(process.execPath, [...flags, program, JSON.stringify(plan)], {
      stdio: 'inherit',
    })
    const ended = once(child, 'exit')
    this.#add(plan, ended, async () => {
      child.kill('SIGKILL')
      await ended
    })
  }

  addThread(): void {
    const plan = this.#plan('finish')
    const worker = new Worker(new URL('publisher.mjs', import.meta.url), {
      workerData: plan,
      execArgv: ['--conditions=@x/source'],
    })
    const failed = once(worker, 'error').then(([error]) => Promise.reject(error as Error))
    failed.catch(() => {})
    this.#add(plan, Promise.race([once(worker, 'exit'), failed]), () => worker.terminate())
  }

  async addJava(ending: Ending): Promise<void> {
    const plan = this.#plan(ending)
    const program: JavaProgram = await launchJavaPublisher(this.folder, plan)
    const committed = (): number => Number(/committed (\d+)/.exec(program.output)?.[1] ?? 0)
    this.publishers.push({ plan, ended: program.exited, committed, kill: () => program.close() })
  }

  async close(): Promise<void> {
    for (const publisher of this.publishers) await publisher.kill()
    this.progress.close()
    rmSync(this.folder, { recursive: true })
  }

  #add(plan: PublisherPlan, ended: Promise<unknown>, kill: () => Promise<unknown>): void {
    const committed = (): number => this.progress.get(plan.publisher)
    this.publishers.push({ plan, ended, committed, kill })
  }

  #plan(ending: Ending): PublisherPlan {
    return {
      aeronDirectory: this.#aeronDirectory,
      channel: CHANNEL,
      streamId: STREAM_ID,
      publisher: this.publishers.length,
      count: this.#count,
      ending,
      progressPath: this.#progressPath,
    }
  }
}

/** Polls, checking all that comes, until every publisher has ended and nothing more can come. */
async function receiveAll(
  subscription: Subscription,
  fleet: Fleet,
  timeoutMs: number,
): Promise<{ faults: string[]; received: number[] }> {
  const faults: string[] = []
  const received = fleet.publishers.map(() => 0)
  const assembler = new FragmentAssembler((buffer, offset, length) => {
    const fault = campaignFault(buffer, offset, length, MAX_MESSAGE_LENGTH)
    if (fault !== undefined) return void faults.push(fault)
    const publisher = buffer.getInt32(offset)
    const sequence = buffer.getInt32(offset + 4)
    const expected = received[publisher]
    if (sequence !== expected) faults.push(`publisher ${publisher}: ${sequence}, not ${expected}`)
    received[publisher] = sequence + 1
  })
  let running = fleet.publishers.length
  for (const { ended, plan } of fleet.publishers) {
    ended
      .catch((error: unknown) => faults.push(`publisher ${plan.publisher}: ${String(error)}`))
      .finally(() => running--)
  }
  const deadlineMs = performance.now() + timeoutMs
  while (faults.length === 0) {
    for (let i = 0; i < 100 && subscription.poll(assembler.onFragment, 100) > 0; i++) {}
    await nextTurn()
    // With all publishers gone the driver unblocks what is left, ends the stream, and takes the image away.
    if (running === 0 && subscription.hasNoImages) break
    if (performance.now() > deadlineMs) {
      faults.push(`${running} publishers still there after ${timeoutMs} ms, received ${received.join()}`)
    }
  }
  return { faults, received }
}

/** Runs one campaign on a driver of its own: publishers of all kinds on one concurrent publication, one subscriber. */
export async function runCampaign(campaign: Campaign): Promise<CampaignResult> {
  await using driver = await launchMediaDriver({ properties: TIMEOUTS })
  const { aeronDirectory } = driver
  const fleet = new Fleet(aeronDirectory, campaign.count)
  const timers: NodeJS.Timeout[] = []
  try {
    if (campaign.javas !== undefined) await compileJavaPublisher(fleet.folder)
    using aeron = await Aeron.connect({ aeronDirectory })
    using subscription = await aeron.addSubscription(CHANNEL, STREAM_ID)
    // Keeps the stream from ending before the last publisher has come.
    const holder = await aeron.addPublication(CHANNEL, STREAM_ID)
    const startMs = performance.now()
    for (const ending of campaign.processes ?? []) fleet.addProcess(ending)
    for (let i = 0; i < (campaign.threads ?? 0); i++) fleet.addThread()
    for (const ending of campaign.javas ?? []) await fleet.addJava(ending)
    for (const [i, delayMs] of (campaign.killsAfterMs ?? []).entries()) {
      timers.push(setTimeout(() => void fleet.publishers[i]?.kill(), delayMs))
    }
    let position = 0
    void Promise.allSettled(fleet.publishers.map(({ ended }) => ended)).then(async () => {
      // The driver measures a gap by the frame that follows it, and can do nothing about one at the end of the stream.
      const claim = new BufferClaim()
      while (isRetryable(holder.tryClaim(0, claim))) await nextTurn()
      claim.abort()
      position = holder.position
      holder.close()
    })
    const result = await receiveAll(subscription, fleet, campaign.timeoutMs)
    return {
      ...result,
      committed: fleet.publishers.map((publisher) => publisher.committed()),
      rotations: Math.floor(position / TERM_LENGTH),
      unblocked: Number(
        readCounters(aeronDirectory).find(({ id }) => id === UNBLOCKED_PUBLICATIONS)?.value ?? -1,
      ),
      durationMs: performance.now() - startMs,
    }
  } finally {
    for (const timer of timers) clearTimeout(timer)
    await fleet.close()
  }
}
