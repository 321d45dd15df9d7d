import { AtomicBuffer } from '@x/atomic'
import { countHeap, report } from '@x/steady-state/program'
import { ControlledFragmentAssembler } from '../../src/assembler/controlled-fragment-assembler.ts'
import { FragmentAssembler } from '../../src/assembler/fragment-assembler.ts'
import { BufferClaim } from '../../src/logbuffer/buffer-claim.ts'
import {
  Action,
  type ControlledFragmentHandler,
  type FragmentHandler,
} from '../../src/logbuffer/fragment-handler.ts'
import type { Publication } from '../../src/publication/publication.ts'
import { ADMIN_ACTION } from '../../src/publication/publication-result.ts'
import { END_FRAG_FLAG } from '../../src/logbuffer/frame-descriptor.ts'
import { LocalLog } from '../support/local-log.ts'

// Counts, for each way to send, the bytes of heap that sending and polling a message takes. Arguments: short messages, terms before the
// first. allocation.test.ts runs it.

const TERM_LENGTH = 1024 * 1024
const BATCH = 1_024
const WARM_UP = 1_000_000
const MESSAGES = Number(process.argv[2])
/** As many as leave positions below 2^31. */
const LONG_MESSAGES = 1_000_000
/** Of what makes objects, which must have room until they are counted. */
const FEW_MESSAGES = 40_000
const TERM_COUNT = Number(process.argv[3])

/** How messages are polled: put together, up to a position as a log adapter does, or fragment by fragment. */
type Way = 'assembled' | 'controlled' | 'fragments'

/** Counts, and looks at each message. */
class Receiver {
  messages = 0
  checksum = 0

  readonly onFragment: FragmentHandler = (buffer, offset, length) => {
    this.messages++
    this.checksum ^= buffer.getInt32(offset) ^ length
  }

  readonly onControlledFragment: ControlledFragmentHandler = (buffer, offset, length, header) => {
    this.onFragment(buffer, offset, length, header)
    return Action.CONTINUE
  }

  readonly onPart: FragmentHandler = (buffer, offset, length, header) => {
    if ((header.flags & END_FRAG_FLAG) !== 0) this.onFragment(buffer, offset, length, header)
  }
}

/** A log that is written and read in turns on one thread, and cleaned behind the reader. */
class Loop {
  readonly #log = new LocalLog({ termLength: TERM_LENGTH, termCount: TERM_COUNT })
  readonly #publication: Publication
  readonly #image
  readonly #receiver = new Receiver()
  readonly #poll: () => void
  readonly #send: (publication: Publication, index: number) => number

  constructor(
    kind: 'exclusive' | 'concurrent',
    send: (publication: Publication, index: number) => number,
    way: Way,
  ) {
    this.#log.position = TERM_COUNT * TERM_LENGTH
    this.#publication = kind === 'exclusive' ? this.#log.exclusive() : this.#log.concurrent()
    this.#image = this.#log.image()
    this.#send = send
    const assembler = new FragmentAssembler(this.#receiver.onFragment)
    const controlled = new ControlledFragmentAssembler(this.#receiver.onControlledFragment)
    const image = this.#image
    // What a log adapter does, up to a position.
    const bounded = (): number =>
      image.boundedControlledPoll(controlled.onFragment, Number.MAX_SAFE_INTEGER, 64)
    const handler = way === 'fragments' ? this.#receiver.onPart : assembler.onFragment
    this.#poll = way === 'controlled' ? bounded : () => image.poll(handler, 64)
  }

  run(messages: number): void {
    for (let done = 0; done < messages; done += BATCH) {
      for (let sent = 0; sent < BATCH;) {
        const result = this.#send(this.#publication, sent)
        if (result > 0) sent++
        else if (result !== ADMIN_ACTION) throw new Error(`Cannot go on: the offer gave ${result}`)
      }
      const before = this.#image.position
      const target = this.#receiver.messages + BATCH
      while (this.#receiver.messages < target) this.#poll()
      this.#clean(before, this.#image.position)
    }
  }

  close(): void {
    this.#log.close()
  }

  #clean(from: number, to: number): void {
    for (let position = from; position < to;) {
      const offset = position % TERM_LENGTH
      const length = Math.min(to - position, TERM_LENGTH - offset)
      const term = this.#log.file.terms[Math.floor(position / TERM_LENGTH) % 3]!
      term.bytes.fill(0, offset, offset + length)
      position += length
    }
  }
}

const bytes = new Uint8Array(32)
const buffer = AtomicBuffer.allocate(32)
const medium = AtomicBuffer.allocate(1_344)
// Two fragments.
const long = AtomicBuffer.allocate(1_400)
const claim = new BufferClaim()
const kept: object[] = Array.from({ length: 16 }, () => ({}))

const offerBytes = (publication: Publication): number => publication.offer(bytes, 0, 32)

function offerBuffer(publication: Publication, index: number): number {
  buffer.putInt32(0, index)
  return publication.offer(buffer, 0, 32)
}

function tryClaim(publication: Publication, index: number): number {
  const result = publication.tryClaim(32, claim)
  if (result > 0) {
    claim.buffer.putInt32(claim.offset, index)
    claim.commit()
  }
  return result
}

/** What a cluster does: a header, and a body behind it. */
const offerParts = (publication: Publication): number => publication.offerParts(medium, 0, 32, medium, 32, 64)
const offerMedium = (publication: Publication): number => publication.offer(medium, 0, 1_344)
const offerLong = (publication: Publication): number => publication.offer(long, 0, 1_400)

/** Shows that what is made is counted. */
function witness(publication: Publication, index: number): number {
  kept[index % kept.length] = { index }
  return offerBuffer(publication, index)
}

const CASES: readonly (readonly [
  string,
  'exclusive' | 'concurrent',
  (p: Publication, i: number) => number,
])[] = [
  ['exclusive offer of bytes', 'exclusive', offerBytes],
  ['exclusive offer of a buffer', 'exclusive', offerBuffer],
  ['exclusive offer of 1,344 bytes', 'exclusive', offerMedium],
  ['exclusive claim', 'exclusive', tryClaim],
  ['exclusive offer of parts', 'exclusive', offerParts],
  ['exclusive offer in fragments', 'exclusive', offerLong],
  ['exclusive offer in fragments, reassembled', 'exclusive', offerLong],
  ['concurrent offer of bytes', 'concurrent', offerBytes],
  ['concurrent offer of a buffer', 'concurrent', offerBuffer],
  ['concurrent claim', 'concurrent', tryClaim],
  ['concurrent offer of parts', 'concurrent', offerParts],
  ['concurrent offer in fragments', 'concurrent', offerLong],
  ['witness', 'exclusive', witness],
]

const isLong = (name: string): boolean => /fragments|1,344/.test(name)

function wayOf(name: string): Way {
  if (name.endsWith('parts')) return 'controlled'
  return name.endsWith('fragments') ? 'fragments' : 'assembled'
}

function measure(name: string, loop: Loop): number {
  const many = isLong(name) ? LONG_MESSAGES : MESSAGES
  const messages = /reassembled|witness/.test(name) ? FEW_MESSAGES : many
  return countHeap(name, messages, (count) => loop.run(count))
}

const loops = CASES.map(([name, kind, send]) => [name, new Loop(kind, send, wayOf(name))] as const)
// All ways are warm before the first is measured: an application mixes them too.
for (let round = 0; round < 2; round++) {
  for (const [name, loop] of loops) loop.run(isLong(name) ? WARM_UP / 20 : WARM_UP / 2)
}
const perMessage = loops.map(([name, loop]) => [name, measure(name, loop)] as const)
for (const [, loop] of loops) loop.close()
report(Object.fromEntries(perMessage))
