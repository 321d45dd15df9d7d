import { AtomicBuffer } from '@x/atomic'
import type { ControlledFragmentHandler, Header, Image } from '@x/client'
import { systemNanoClock } from '@x/idlestrategy'
import { writeSync } from 'node:fs'
import { BoundedLogAdapter, type LogEvents } from '../../src/service/bounded-log-adapter.ts'
import { ActivityBoard } from '../../src/service/stall/activity-board.ts'
import { TurnBudget } from '../../src/service/turn-budget.ts'
import { sessionMessage } from '../support/log-messages.ts'

// Prints the bytes of heap that a session message of the log takes between image and service, and marks the steady state with lines of
// its own for those who count deoptimisations. Argument: messages. Run with --expose-gc; allocation.test.ts does.

const MESSAGES = Number(process.argv[2])
const WARM_UP = 500_000
const FRAGMENT_LIMIT = 50

const message = sessionMessage(7n, 1_700_000_000_000n, new Uint8Array(32))
const buffer = AtomicBuffer.allocate(256)
buffer.putBytes(32, message, 0, message.length)
const header = { flags: 0xc0, position: 128, frameLength: 32 + message.length } as unknown as Header

/** The same message again and again. */
const image = {
  boundedControlledPoll: (handler: ControlledFragmentHandler, _limit: number, fragmentLimit: number) => {
    for (let i = 0; i < fragmentLimit; i++) handler(buffer, 32, message.length, header)
    return fragmentLimit
  },
} as unknown as Image

/** What a service looks at. */
class Service {
  messages = 0
  checksum = 0

  onSessionMessage(
    _id: bigint,
    _timestamp: bigint,
    from: AtomicBuffer,
    offset: number,
    length: number,
  ): void {
    this.messages++
    this.checksum ^= from.getInt32(offset) ^ length
  }
}

const service = new Service()
// As where a thread watches over the container.
const board = new ActivityBoard()
board.isWatched = true
board.tick()
const budget = new TurnBudget(systemNanoClock, board)
const adapter = new BoundedLogAdapter(service as unknown as LogEvents, FRAGMENT_LIMIT, budget)
adapter.join(image, Number.MAX_SAFE_INTEGER)

function run(messages: number): void {
  const end = service.messages + messages
  while (service.messages < end) adapter.poll(1_000)
}

run(WARM_UP)
globalThis.gc?.()
const before = process.memoryUsage().heapUsed
writeSync(1, '\nsteady: log adapter\n')
run(MESSAGES)
writeSync(1, '\nend\n')
const perMessage = (process.memoryUsage().heapUsed - before) / MESSAGES
writeSync(1, `\n${JSON.stringify({ 'log adapter': perMessage })}\n`)
