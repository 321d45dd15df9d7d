import { AtomicBuffer } from '@x/atomic'
import * as archive from '../../src/archive.ts'
import * as cluster from '../../src/cluster.ts'
import * as nodeState from '../../src/node-state.ts'
import type { SbeBuffer } from '../../src/runtime/index.ts'
import { AllTypesDecoder } from '../all-types/src/gen/all-types-decoder.ts'
import { AllTypesEncoder } from '../all-types/src/gen/all-types-encoder.ts'
import { MoreDecoder } from '../all-types-checked/src/gen/more-decoder.ts'
import { MoreEncoder } from '../all-types-checked/src/gen/more-encoder.ts'
import { DECODERS, PROTOCOLS } from '../fuzz/protocols.ts'
import { decodersOf, runCase } from '../fuzz/decoder-case.ts'
import { runDispatchCase } from '../fuzz/dispatch-case.ts'

// What runs in the browser; run.ts bundles it, and reads what it leaves in `result`.

const LENGTH = 1_024

function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`not as it should be: ${what}`)
}

function roundTrip(buffer: SbeBuffer): void {
  const header = new cluster.MessageHeaderEncoder()
  const event = new cluster.SessionEventEncoder().wrapAndApplyHeader(buffer, 3, header)
  event
    .clusterSessionId(2n ** 63n - 1n)
    .code(cluster.EventCode.REDIRECT)
    .detail('h\u00e9llo, \ud83d\ude00')
  const length = cluster.MessageHeaderEncoder.ENCODED_LENGTH + event.encodedLength
  let seen = ''
  const known = new cluster.MessageDispatcher().dispatch(buffer, 3, length, {
    onSessionEvent: (message) => {
      check(message.clusterSessionId === 2n ** 63n - 1n, 'a bigint')
      check(message.code === cluster.EventCode.REDIRECT, 'an enum')
      check(JSON.parse(JSON.stringify(message)).code === 'REDIRECT', 'toJSON')
      seen = message.detail
    },
  })
  // The text of the cluster's events is ASCII: what that does not have is '?', as in Java.
  check(known && seen === 'h?llo, ??', 'text')
  const recording = new archive.StartRecordingRequest2Encoder().wrap(buffer, 0)
  recording.controlSessionId(1n).correlationId(2n).streamId(3).channel('aeron:ipc')
  const request = new archive.StartRecordingRequest2Decoder().wrap(
    buffer,
    0,
    archive.StartRecordingRequest2Encoder.BLOCK_LENGTH,
    14,
  )
  check(request.channel === 'aeron:ipc' && request.streamId === 3, 'the archive')
  const term = new nodeState.CandidateTermEncoder().wrap(buffer, 0).logPosition(2 ** 40)
  check(
    new nodeState.CandidateTermDecoder().wrap(buffer, 0, term.encodedLength, 0).logPosition === 2 ** 40,
    'a number',
  )
  texts(buffer)
}

function texts(buffer: SbeBuffer): void {
  const encoder = new MoreEncoder().wrap(buffer, 0).latin('\u00e9t\u00e9').chars('abc')
  encoder.rowsCount(1).next().cellsCount(0)
  const decoder = new MoreDecoder().wrap(buffer, 0, MoreEncoder.BLOCK_LENGTH, 3)
  check(decoder.latin === '\u00e9t\u00e9' && decoder.chars === 'abc', 'arrays of characters')
  const all = new AllTypesEncoder().wrap(buffer, 0)
  all.legsCount(0)
  all.tagsCount(0)
  all.text('h\u00e9llo, \ud83d\ude00')
  const text = new AllTypesDecoder().wrap(buffer, 0, AllTypesEncoder.BLOCK_LENGTH, 3).text
  check(text === 'h\u00e9llo, \ud83d\ude00', 'UTF-8')
}

function fuzz(): number {
  let cases = 0
  for (const decoderClass of DECODERS) {
    const decoder = new decoderClass()
    for (let seed = 0; seed < 100; seed++, cases++) runCase(decoderClass, decoder, seed)
  }
  for (const { door, Dispatcher } of PROTOCOLS) {
    const templates = decodersOf(door)
    const dispatcher = new Dispatcher()
    const ids = templates.map(({ TEMPLATE_ID }) => TEMPLATE_ID)
    for (let seed = 0; seed < 500; seed++, cases++) {
      runDispatchCase(dispatcher, templates[0]?.SCHEMA_ID ?? 0, ids, seed)
    }
  }
  return cases
}

function run(): string {
  const buffers: Readonly<Record<string, SbeBuffer>> = {
    Uint8Array: new Uint8Array(LENGTH),
    DataView: new DataView(new ArrayBuffer(LENGTH)),
    AtomicBuffer: AtomicBuffer.allocate(LENGTH),
    'Uint8Array on a SharedArrayBuffer': new Uint8Array(new SharedArrayBuffer(LENGTH)),
    'AtomicBuffer on a SharedArrayBuffer': AtomicBuffer.wrap(new SharedArrayBuffer(LENGTH)),
  }
  for (const buffer of Object.values(buffers)) roundTrip(buffer)
  return `round trips over ${Object.keys(buffers).join(', ')}; ${fuzz()} hostile cases`
}

let result: string
try {
  result = `ok: ${run()}`
} catch (error) {
  result = `failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
}
Object.assign(globalThis, { result })
