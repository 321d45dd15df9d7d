import { AeronError } from '@x/client'
import { expect, test } from 'vitest'
import { ClusterError } from '../../cluster-error.ts'
import { fromPortable, toPortable } from './portable-error.ts'

/** What arrives on another thread. */
function crossed(thrown: unknown): Error {
  return fromPortable(structuredClone(toPortable(thrown)))
}

test('an error keeps class, code, context, stack and causes from one thread to another', () => {
  const cause = new RangeError('out of range', {
    cause: new AeronError('CLIENT_CLOSED', 'closed', { clientId: 7n }),
  })
  const error = new ClusterError('SNAPSHOT_LOAD_FAILED', 'no snapshot', { recordingId: 2n ** 60n }, { cause })
  const arrived = crossed(error)
  expect(arrived).toBeInstanceOf(ClusterError)
  expect(arrived).toMatchObject({
    name: 'ClusterError',
    code: 'SNAPSHOT_LOAD_FAILED',
    message: 'no snapshot',
    stack: error.stack,
    context: { recordingId: 2n ** 60n },
  })
  expect(arrived.cause).toBeInstanceOf(RangeError)
  expect((arrived.cause as Error).cause).toMatchObject({ code: 'CLIENT_CLOSED', context: { clientId: 7n } })
})

test('an error of a class that is not known arrives as an Error of its name, and what is no error as one', () => {
  class OwnError extends Error {
    override readonly name = 'OwnError'
  }
  const own = crossed(new OwnError('of the service'))
  expect(own).toBeInstanceOf(Error)
  expect(own.name).toBe('OwnError')
  expect(crossed('a word').message).toBe('Thrown value is not an Error: a word')
})

test('an error that is its own cause arrives', () => {
  const error = new Error('again')
  error.cause = error
  expect(crossed(error).message).toBe('again')
})
