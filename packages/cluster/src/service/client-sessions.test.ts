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
