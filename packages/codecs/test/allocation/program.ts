import { AtomicBuffer } from '@x/atomic'
import {
  AppendPositionDecoder,
  AppendPositionEncoder,
  MessageDispatcher,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  type MessageHandlers,
} from '../../src/cluster.ts'

// Prints, for each case, the bytes of heap that a message takes. Run with --expose-gc; allocation.test.ts does.

const MESSAGES = 1_000_000
const WARM_UP = 200_000
const buffer = AtomicBuffer.allocate(128)
const headerEncoder = new MessageHeaderEncoder()
const headerDecoder = new MessageHeaderDecoder()
const encoder = new AppendPositionEncoder()
const decoder = new AppendPositionDecoder()
const kept: object[] = Array.from({ length: 16 }, () => ({}))
const LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + AppendPositionEncoder.BLOCK_LENGTH
let sink = 0

function encode(i: number): void {
  encoder
    .wrapAndApplyHeader(buffer, 0, headerEncoder)
    .logPosition(i * 32)
    .followerMemberId(2)
    .flags(1)
}

function decode(): void {
  decoder.wrapAndApplyHeader(buffer, 0, headerDecoder, LENGTH)
  sink += decoder.logPosition + decoder.followerMemberId + decoder.flags
}

class Handlers implements MessageHandlers {
  onAppendPosition(message: AppendPositionDecoder): void {
    sink += message.logPosition
  }
}

const dispatcher = new MessageDispatcher()
const handlers = new Handlers()

const CASES: Readonly<Record<string, (i: number) => void>> = {
  encode,
  decode,
  dispatch: () => void dispatcher.dispatch(buffer, 0, LENGTH, handlers),
  // Shows that what is made is counted.
  witness: (i) => void (kept[i % kept.length] = { i }),
}

function heapUsed(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

function measure(action: (i: number) => void): number {
  for (let i = 0; i < WARM_UP; i++) action(i)
  const before = heapUsed()
  // Young garbage must not be collected while it is counted: the test gives it more room than the witness needs.
  for (let i = 0; i < MESSAGES; i++) action(i)
  return (process.memoryUsage().heapUsed - before) / MESSAGES
}

encode(0)
const perMessage = Object.entries(CASES).map(([name, action]) => {
  encode(1)
  return [name, measure(action)] as const
})
process.stdout.write(JSON.stringify({ ...Object.fromEntries(perMessage), used: sink > 0 }))
