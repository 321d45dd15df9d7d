// Measures what the hot paths allocate: prints a JSON object of bytes on the heap for one message, by path. Run with --expose-gc, and with a young
// generation that holds what is looked for. Arguments: <messages of each path> [terms before the first]
import { AtomicBuffer } from '@x/atomic'
import {
  Action,
  BufferClaim,
  ControlledFragmentAssembler,
  FragmentAssembler,
  type FragmentHandler,
  type Image,
  type Publication,
} from '@x/client'
import { LocalLog } from '../local-log.ts'

const TERM_LENGTH = 1024 * 1024
const BATCH = 100
/** Between two collections: little enough that none comes by itself while the largest of what is looked for would show. */
const CHUNK = 200_000

type Send = (publication: Publication) => number
type Poll = (image: Image) => number

const message = AtomicBuffer.allocate(2_048)
const bytes = new Uint8Array(32)
const claim = new BufferClaim()
let lastLength = 0
const handler: FragmentHandler = (_buffer, _offset, length) => {
  lastLength = length
}
const assembler = new FragmentAssembler(handler)
const controlled = new ControlledFragmentAssembler((_buffer, _offset, length) => {
  lastLength = length
  return Action.CONTINUE
})

const offer =
  (length: number): Send =>
  (publication) =>
    publication.offer(message, 0, length)
const claimAndCommit: Send = (publication) => {
  const result = publication.tryClaim(32, claim)
  if (result > 0) {
    claim.buffer.putInt32(claim.offset, 7)
    claim.commit()
  }
  return result
}
const poll: Poll = (image) => image.poll(handler, BATCH)

const PATHS: Readonly<Record<string, readonly [Send, Poll]>> = {
  'offer of 32 bytes, poll': [offer(32), poll],
  'offer of 288 bytes, poll': [offer(288), poll],
  'offer of 1344 bytes, poll by assembler': [
    offer(1_344),
    (image) => image.poll(assembler.onFragment, BATCH),
  ],
  'offer of an array, controlled poll': [
    (publication) => publication.offer(bytes, 0, 32),
    (image) => image.controlledPoll(controlled.onFragment, BATCH),
  ],
  'offer of two parts, bounded controlled poll': [
    (publication) => publication.offerParts(message, 0, 32, message, 32, 64),
    (image) => image.boundedControlledPoll(controlled.onFragment, Number.MAX_SAFE_INTEGER, BATCH),
  ],
  'claim, bounded poll': [
    claimAndCommit,
    (image) => image.boundedPoll(handler, Number.MAX_SAFE_INTEGER, BATCH),
  ],
}

/** Sends and receives in batches, and cleans terms behind itself, as the driver does. */
class Stream {
  readonly #log: LocalLog
  readonly #publication: Publication
  readonly #image: Image
  #cleaned = 0

  constructor(log: LocalLog, publication: Publication) {
    this.#log = log
    this.#publication = publication
    this.#image = log.image()
    this.#cleaned = Math.floor(this.#image.position / TERM_LENGTH)
  }

  run(send: Send, receive: Poll, count: number): void {
    for (let done = 0; done < count; done += BATCH) {
      for (let sent = 0; sent < BATCH;) if (send(this.#publication) > 0) sent++
      for (let polled = 0; polled < BATCH;) polled += receive(this.#image)
      for (; (this.#cleaned + 1) * TERM_LENGTH <= this.#image.position; this.#cleaned++) {
        this.#log.file.terms[this.#cleaned % 3]!.setMemory(0, TERM_LENGTH, 0)
      }
    }
  }
}

function measure(stream: Stream, send: Send, receive: Poll, count: number): number {
  stream.run(send, receive, 2 * CHUNK)
  let allocated = 0
  for (let done = 0; done < count; done += CHUNK) {
    globalThis.gc!()
    const before = process.memoryUsage().heapUsed
    stream.run(send, receive, CHUNK)
    allocated += process.memoryUsage().heapUsed - before
  }
  return allocated / count
}

const count = Number(process.argv[2])
const allocated: Record<string, number> = {}
for (const kind of ['exclusive', 'concurrent'] as const) {
  for (const [name, [send, receive]] of Object.entries(PATHS)) {
    using log = new LocalLog({ termLength: TERM_LENGTH, termCount: Number(process.argv[3] ?? 0) })
    allocated[`${kind} ${name}`] = measure(new Stream(log, log[kind]()), send, receive, count)
  }
}
if (lastLength === 0) throw new Error('Nothing was received')
console.log(JSON.stringify(allocated, undefined, 1))
