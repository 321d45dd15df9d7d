import { AtomicBuffer } from '@x/atomic'
import { countHeap, report } from '@x/steady-state/program'
import {
  AppendPositionDecoder,
  AppendPositionEncoder,
  MessageDispatcher,
  MessageHeaderDecoder,
  MessageHeaderEncoder,
  StandbySnapshotDecoder,
  StandbySnapshotEncoder,
  type MessageHandlers,
} from '../../src/cluster.ts'

// Counts, for each case, the bytes of heap that a message takes. allocation.test.ts runs it.

const MESSAGES = 400_000
const WARM_UP = 200_000
const COUNTS = 3
const buffer = AtomicBuffer.allocate(256)
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

const standbyEncoder = new StandbySnapshotEncoder()
const standbyDecoder = new StandbySnapshotDecoder()
const endpoint = Uint8Array.from({ length: 14 }, (_, i) => 97 + i)
const credentials = new Uint8Array(40)
const target = new Uint8Array(64)

function encodeGroup(): void {
  const message = standbyEncoder.wrapAndApplyHeader(buffer, 0, headerEncoder)
  const snapshots = message.snapshotsCount(2)
  snapshots.next().serviceId(1).putArchiveEndpoint(endpoint)
  snapshots.next().serviceId(2).archiveEndpoint('localhost:8010')
  message.responseChannel('aeron:ipc').encodedCredentials(credentials)
}

function decodeGroup(): void {
  const message = standbyDecoder.wrapAndApplyHeader(buffer, 0, headerDecoder)
  const snapshots = message.snapshots()
  while (snapshots.next()) sink += snapshots.serviceId + snapshots.copyArchiveEndpoint(target)
  sink += message.copyResponseChannel(target) + message.encodedCredentialsLength
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
  encodeGroup,
  decodeGroup,
  // Shows that what is made is counted.
  witness: (i) => void (kept[i % kept.length] = { i }),
}

/** Does it many times. What it decodes is a message of small numbers, so that their sum stays one. */
function repeat(name: string, action: (i: number) => void, messages: number): void {
  if (name.endsWith('Group')) encodeGroup()
  else encode(1)
  for (let i = 0; i < messages; i++) action(i)
}

/** The least of a few counts: on a busy machine V8 may still be compiling in the first, and what it makes for that is counted too. */
function measure(name: string, action: (i: number) => void): number {
  const run = (messages: number): void => repeat(name, action, messages)
  return Math.min(...Array.from({ length: COUNTS }, () => countHeap(name, MESSAGES, run)))
}

const cases = Object.entries(CASES)
// All before any is counted: they share the loop, which would be compiled for the first alone.
for (let pass = 0; pass < 2; pass++) {
  for (const [name, action] of cases) repeat(name, action, WARM_UP / 2)
}
const perMessage = cases.map(([name, action]) => [name, measure(name, action)] as const)
if (sink === 0) throw new Error('Cannot count: nothing was decoded')
report(Object.fromEntries(perMessage))
