import { beforeEach, expect, test } from 'vitest'
import { BACK_PRESSURED, CLOSED } from '@x/client'
import { ControlResponseCode } from '@x/codecs/archive'
import type { ControlResponse } from './control-response-adapter.ts'
import type { PendingRequest, RequestKind } from './pending-request.ts'
import { PendingRequests } from './pending-requests.ts'
import type { RecordingDescriptor } from '../recording/recording-descriptor.ts'

const TIMEOUT_MS = 1_000

let nowMs: number
let lastId: bigint
let requests: PendingRequest[]
let pending: PendingRequests

beforeEach(() => {
  nowMs = 0
  lastId = 0n
  requests = []
  pending = new PendingRequests({ nowMs: () => nowMs, messageTimeoutMs: TIMEOUT_MS })
})

function add(kind: RequestKind = {}): PendingRequest {
  lastId += 1n
  const request = pending.add(`request ${lastId}`, new Uint8Array(1), lastId, kind)
  pending.enqueue(request)
  requests.push(request)
  return request
}

/** Sends what can be sent, and gives the ids of that. */
function send(): bigint[] {
  const waiting = requests.filter((request) => request.message !== undefined)
  pending.send(() => 1)
  return waiting.filter((request) => request.message === undefined).map(({ correlationId }) => correlationId)
}

function answer(
  { correlationId }: PendingRequest,
  code: ControlResponseCode = ControlResponseCode.OK,
  relevantId = 0n,
): boolean {
  return pending.take({ correlationId, code, relevantId } as ControlResponse)
}

const descriptor = {} as RecordingDescriptor

test('PendingRequests sends in order, one listing at a time, and stops where the archive takes no more', () => {
  const [plain, first, second] = [add(), add({ descriptorLimit: 1 }), add({ isListing: true })]
  expect(pending.send(() => BACK_PRESSURED)).toBe(0)
  expect(send()).toEqual([plain.correlationId, first.correlationId])
  pending.takeDescriptor(first.correlationId, descriptor)
  expect(send()).toEqual([second.correlationId])
  add()
  expect(pending.send(() => CLOSED)).toBe(-1)
  expect(pending.hasUnsent).toBe(true)
})

test('PendingRequests lets nothing but a listing wait for a listing', () => {
  const [first, second, plain] = [add({ descriptorLimit: 1 }), add({ descriptorLimit: 1 }), add()]
  expect(send()).toEqual([first.correlationId, plain.correlationId])
  expect(pending.hasUnsent).toBe(false)
  answer(first)
  expect(pending.hasUnsent).toBe(true)
  expect(send()).toEqual([second.correlationId])
})

test('PendingRequests waits for the end of a listing that was given up: the archive refuses another meanwhile', () => {
  const first = add({ descriptorLimit: 3 })
  const second = add({ descriptorLimit: 1 })
  send()
  pending.takeDescriptor(first.correlationId, descriptor)
  pending.abandon(first)
  expect(send()).toEqual([])
  pending.takeDescriptor(first.correlationId, descriptor)
  expect(send()).toEqual([])
  expect(answer(first, ControlResponseCode.RECORDING_UNKNOWN)).toBe(true)
  expect(send()).toEqual([second.correlationId])
})

test('PendingRequests goes on after a listing that nobody looks at and that the archive never answers', () => {
  add({ descriptorLimit: 1 })
  const second = add({ descriptorLimit: 1 })
  send()
  nowMs = TIMEOUT_MS
  expect(send()).toEqual([])
  nowMs = TIMEOUT_MS + 1
  expect(send()).toEqual([second.correlationId])
})

test('PendingRequests counts no time for a listing that waits for another', () => {
  const first = add({ descriptorLimit: 9 })
  const second = add({ descriptorLimit: 1 })
  send()
  for (let turn = 0; turn < 5; turn++) {
    nowMs += TIMEOUT_MS / 2
    pending.takeDescriptor(first.correlationId, descriptor)
    send()
    expect([pending.isOverdue(first), pending.isOverdue(second)]).toEqual([false, false])
  }
  answer(first)
  send()
  nowMs += TIMEOUT_MS + 1
  expect(pending.isOverdue(second)).toBe(true)
})

test('PendingRequests takes back what the archive does for a request that was given up', () => {
  const undone: bigint[] = []
  const onLateOk = (relevantId: bigint): void => void undone.push(relevantId)
  const [late, refused, unsent, timely] = [0, 1, 2, 3].map(() => add({ onLateOk })) as [
    PendingRequest,
    PendingRequest,
    PendingRequest,
    PendingRequest,
  ]
  pending.abandon(unsent)
  expect(send()).toEqual([late, refused, timely].map((each) => each.correlationId))
  expect(answer(timely)).toBe(true)
  pending.abandon(late)
  pending.abandon(refused)
  expect(answer(late, ControlResponseCode.OK, 7n)).toBe(true)
  expect(answer(refused, ControlResponseCode.ERROR)).toBe(true)
  expect(answer(late)).toBe(false)
  expect(undone).toEqual([7n])
})

test('PendingRequests forgets at last what was given up and is never answered', () => {
  const late = add({ onLateOk: () => undefined })
  send()
  nowMs = TIMEOUT_MS + 1
  pending.abandon(late)
  send()
  nowMs = 2 * TIMEOUT_MS + 1
  send()
  expect(answer(late)).toBe(false)
})
