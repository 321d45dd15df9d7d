// One contender in a process of its own: warms up, prints "ready", and then, for each line that it reads, the nanoseconds of the fastest batch for each message, as
// JSON. Processor time of the process, not time of day: on a machine that does other things too, slow batches would be interrupted more often than fast. The
// fastest, as a batch takes up to twice as long while something else is on the other hyperthread of the core, also of another machine.
// Arguments: contender, messages in a batch, batches, milliseconds of warm-up.
import { createInterface } from 'node:readline'
import type { Contender } from './contender.ts'
import { ByHand, ByHandBytes } from './contenders/by-hand.ts'
import { Json } from './contenders/json.ts'
import { Msgpackr } from './contenders/msgpackr.ts'
import { OursBigints } from './contenders/ours-bigints.ts'
import { OursBytes } from './contenders/ours-bytes.ts'
import { OursNumbers } from './contenders/ours-numbers.ts'
import { ProtobufEs } from './contenders/protobuf-es.ts'

const CONTENDERS: Readonly<Record<string, new () => Contender>> = {
  bigints: OursBigints,
  'by-hand': ByHand,
  'by-hand-bytes': ByHandBytes,
  bytes: OursBytes,
  json: Json,
  msgpackr: Msgpackr,
  numbers: OursNumbers,
  protobuf: ProtobufEs,
}

const [, , name = '', ...limits] = process.argv
const [count = 0, batches = 0, warmUpMs = 0] = limits.map(Number)
const make = CONTENDERS[name]
if (make === undefined)
  throw new Error(`Cannot measure ${name}: give one of ${Object.keys(CONTENDERS).join()}`)
const contender = new make()
let sink = 0

/** Nanoseconds of one message in a batch. */
function batch(work: (index: number) => number): number {
  const start = process.cpuUsage()
  let sum = 0
  for (let i = 0; i < count; i++) sum += work(i)
  sink += sum
  const { user, system } = process.cpuUsage(start)
  return ((user + system) * 1000) / count
}

function warmUp(work: (index: number) => number): void {
  const end = performance.now() + warmUpMs
  while (performance.now() < end) batch(work)
}

function measure(work: (index: number) => number): number {
  return Math.min(...Array.from({ length: batches }, () => batch(work)))
}

const encode = (index: number): number => contender.encode(index)
const decode = (index: number): number => contender.decode(index)
const bytes = contender.encode(0)
warmUp(encode)
warmUp(decode)
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify({ bytes, encodeNs: measure(encode), decodeNs: measure(decode), sink }))
}
