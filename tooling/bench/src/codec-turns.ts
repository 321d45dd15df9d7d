import type { JavaProgram } from '@x/aeron-tooling'

/** Messages in a batch, enough for a collection in each; batches in a slice; milliseconds of warm-up for encoding, and again for decoding. */
const LIMITS: readonly string[] = ['50000', '2', '600']
/** Slices of each contender in a round. */
const SLICES = 9
/** Ours: what a JVM needs to start, and its warm-up. */
const READY_TIMEOUT_MS = 60_000

/** Of the fastest batches: nanoseconds of processor time for a message, and its bytes. */
export interface CodecTimes {
  readonly bytes: number
  readonly encodeNs: number
  readonly decodeNs: number
}

/**
 * Starts a program that warms up, prints "ready", and then measures a slice for each line that it reads: it prints {@link CodecTimes} as a line of JSON.
 *
 * @param limits the program's arguments for batches and warm-up
 */
export type StartContender = (limits: readonly string[]) => Promise<JavaProgram>

/**
 * Measures one round: every contender is warm before the first slice, and then they have their slices in turn. Other users of the machine, who take half of a
 * core for seconds, disturb all of them alike in this way, and the fastest batch out of a long time is one that nobody disturbed.
 *
 * @returns the times of each contender, or why it has none
 */
export async function measureInTurns(
  contenders: ReadonlyMap<string, StartContender>,
): Promise<ReadonlyMap<string, CodecTimes | Error>> {
  const results = new Map<string, CodecTimes | Error>()
  const started: JavaProgram[] = []
  const ready = new Map<string, JavaProgram>()
  try {
    for (const [name, start] of contenders) {
      await attempt(results, name, async () => {
        const program = await start(LIMITS)
        started.push(program)
        await program.waitForOutput(/^ready$/m, READY_TIMEOUT_MS)
        ready.set(name, program)
      })
    }
    for (let slice = 1; slice <= SLICES; slice++) {
      for (const [name, program] of ready) {
        const before = results.get(name)
        if (before instanceof Error) continue
        await attempt(results, name, async () => {
          const times = await measureSlice(program, slice)
          results.set(name, before === undefined ? times : fastest(before, times))
        })
      }
    }
    return results
  } finally {
    for (const program of started) await program.close()
  }
}

/** One contender's failure is its own. */
async function attempt(
  results: Map<string, CodecTimes | Error>,
  name: string,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action()
  } catch (error) {
    results.set(name, error instanceof Error ? error : new Error(String(error)))
  }
}

async function measureSlice(program: JavaProgram, slice: number): Promise<CodecTimes> {
  program.write('\n')
  const [printed] = await program.waitForOutput(new RegExp(`(?:\\{.*\\}\\s+){${slice}}`))
  return JSON.parse(printed.trim().split('\n').at(-1)!) as CodecTimes
}

function fastest(a: CodecTimes, b: CodecTimes): CodecTimes {
  return {
    bytes: a.bytes,
    encodeNs: Math.min(a.encodeNs, b.encodeNs),
    decodeNs: Math.min(a.decodeNs, b.decodeNs),
  }
}
