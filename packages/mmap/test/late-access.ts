/*
 * Maps, closes and then uses files, many times, with forced garbage collection; prints what it saw as JSON.
 * Run by map-file.test.ts: node --expose-gc --import tsx late-access.ts <folder>
 */
import { readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { mapNewFile } from '@x/mmap'

const ROUNDS = 4000
const WARM_UP_ROUNDS = 500
const LENGTH = 1 << 20
const folder = process.argv[2]!
const gc = globalThis.gc as () => void

const mappings = (): string[] => readFileSync('/proc/self/maps', 'utf8').trim().split('\n')
const fileMappings = (): number => mappings().filter((line) => line.includes(folder)).length
const statusKilobytes = (field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
const residentFileKilobytes = (): number => statusKilobytes('RssShmem') + statusKilobytes('RssFile')

let wrongReads = 0
let fileMappingsAfterClose = 0

/** One mapping, used after closing; returns a view for even later use. */
function round(index: number): Int32Array {
  const path = join(folder, `file-${index % 8}`)
  const file = mapNewFile(path, LENGTH)
  const words = new Int32Array(file.memory)
  words.fill(index + 1, 0, 1024)
  words[words.length - 1] = index + 1
  file.close()
  unlinkSync(path)
  if (words[0] !== 0 || Atomics.load(words, words.length - 1) !== 0) wrongReads++
  Atomics.store(words, 5, 1)
  words[words.length - 2] = 1
  if (words[5] !== 1) wrongReads++
  return words
}

/** How much file memory a large mapping takes while open, and how much of that is left when closed, its views still alive. */
function residentAroundClose(): { openKilobytes: number; closedKilobytes: number } {
  const length = 64 << 20
  const before = residentFileKilobytes()
  const file = mapNewFile(join(folder, 'large'), length)
  const bytes = new Uint8Array(file.memory)
  bytes.fill(1)
  const openKilobytes = residentFileKilobytes() - before
  file.close()
  const closedKilobytes = residentFileKilobytes() - before
  if (bytes[length - 1] !== 0) wrongReads++
  return { openKilobytes, closedKilobytes }
}

const resident = residentAroundClose()

async function rounds(count: number): Promise<void> {
  const late: Int32Array[] = []
  for (let index = 0; index < count; index++) {
    late.push(round(index))
    if (late.length > 50) late.shift()
    if (index % 100 === 0) {
      for (const words of late) words[7] = (words[6] ?? 0) + 1
      fileMappingsAfterClose += fileMappings()
      gc()
      await turn()
    }
  }
  late.length = 0
  for (let attempt = 0; attempt < 10; attempt++) {
    gc()
    await turn()
  }
}

// The runtime reserves address space of its own, some of it late: it must not be counted.
await rounds(WARM_UP_ROUNDS)
const mappingsBefore = mappings().length
const virtualBefore = statusKilobytes('VmSize')
await rounds(ROUNDS)

process.stdout.write(
  JSON.stringify({
    rounds: ROUNDS,
    wrongReads,
    fileMappingsAfterClose,
    ...resident,
    mappingsLeft: mappings().length - mappingsBefore,
    virtualGrowthKilobytes: statusKilobytes('VmSize') - virtualBefore,
  }),
)
