import { expect, test } from 'vitest'
import { ClientSessions } from './client-sessions.ts'

function sessionsOf(ids: readonly bigint[]): ClientSessions<{ id: bigint }> {
  const sessions = new ClientSessions<{ id: bigint }>()
  for (const id of ids) sessions.add({ id })
  return sessions
}

test('ClientSessions.ordered is by id, whatever the order of adding', () => {
  expect([...sessionsOf([5n, 1n, 9n, 3n])].map(({ id }) => id)).toEqual([1n, 3n, 5n, 9n])
})

test('ClientSessions.get() finds by id and gives undefined for an unknown one', () => {
  const sessions = sessionsOf([1n, 2n])
  expect(sessions.get(2n)?.id).toBe(2n)
  expect(sessions.get(3n)).toBeUndefined()
})

test('ClientSessions.remove() takes the session out of both views, once', () => {
  const sessions = sessionsOf([1n, 2n, 3n])
  expect(sessions.remove(2n)?.id).toBe(2n)
  expect(sessions.remove(2n)).toBeUndefined()
  expect(sessions.ordered.map(({ id }) => id)).toEqual([1n, 3n])
  expect(sessions.get(2n)).toBeUndefined()
  expect(sessions.size).toBe(2)
})

test('ClientSessions.getByHalves() finds what get() finds', () => {
  const ids = [1n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n - 1n]
  const large = [2n ** 32n, 2n ** 32n + 1n, 2n ** 63n - 1n, -1n, -(2n ** 63n), -(2n ** 32n)]
  const unknown = [0n, 2n, 2n ** 33n, -2n, 1n - 2n ** 63n]
  const halves = (id: bigint): [number, number] => [
    Number(BigInt.asIntN(32, id)),
    Number(BigInt.asIntN(32, id >> 32n)),
  ]
  for (const known of [ids, [...ids, ...large]]) {
    const sessions = sessionsOf(known)
    for (const id of [...ids, ...large, ...unknown]) {
      expect(sessions.getByHalves(...halves(id))?.id).toBe(known.includes(id) ? id : undefined)
    }
    for (const id of known) sessions.remove(id)
    for (const id of known) expect(sessions.getByHalves(...halves(id))).toBeUndefined()
  }
})
