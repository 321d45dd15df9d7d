import { beforeEach, expect, test } from 'vitest'
import { UnansweredOffers } from './unanswered-offers.ts'

let offers: UnansweredOffers

beforeEach(() => {
  offers = new UnansweredOffers()
  for (const id of [3n, 1n, 2n]) offers.add(id, Uint8Array.of(Number(id)))
})

function sentBy(accepted: number): number[] {
  const sent: number[] = []
  offers.resend((message) => sent.length < accepted && sent.push(message[0] ?? -1) > 0)
  return sent
}

test('offers are listed in the order in which they were made, less what is answered', () => {
  expect(offers.delete(1n)).toBe(true)
  expect(offers.delete(1n)).toBe(false)
  expect(offers.list()).toEqual([
    { correlationId: 3n, message: Uint8Array.of(3), sendCount: 1 },
    { correlationId: 2n, message: Uint8Array.of(2), sendCount: 1 },
  ])
  expect([offers.count, offers.has(1n), offers.has(2n)]).toEqual([2, false, true])
})

test('what is chosen is sent again in its order, as far as it is accepted', () => {
  offers.choose(() => true, true)
  expect(sentBy(2)).toEqual([3, 1])
  expect(offers.isResending).toBe(true)
  expect(sentBy(9)).toEqual([2])
  expect(offers.isResending).toBe(false)
  expect(offers.list().map(({ sendCount }) => sendCount)).toEqual([2, 2, 2])
  expect(sentBy(9)).toEqual([])
})

test('what is not chosen is forgotten only when nobody can answer it', () => {
  offers.choose(({ correlationId }) => correlationId === 2n, false)
  expect(offers.count).toBe(3)
  offers.choose(({ correlationId }) => correlationId === 2n, true)
  expect(offers.list().map(({ correlationId }) => correlationId)).toEqual([2n])
})

test('what is answered while it waits is not sent again', () => {
  offers.choose(() => true, true)
  offers.delete(3n)
  offers.add(3n, Uint8Array.of(33))
  expect(sentBy(9)).toEqual([1, 2])
})

test('another choice replaces what still waits', () => {
  offers.choose(() => true, false)
  offers.choose(({ correlationId }) => correlationId === 1n, false)
  expect(sentBy(9)).toEqual([1])
})
