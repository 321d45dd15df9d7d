import { expect, test } from 'vitest'
import { isAeronError } from '../aeron-error.ts'
import { startAeronWorker, type AeronWorker } from './aeron-worker.ts'

async function rejectionOf(starting: Promise<AeronWorker>): Promise<unknown> {
  return starting.then(
    () => new Error('expected a rejection'),
    (error: unknown) => error,
  )
}

test('a module that does not exist is named, by an error of this package', async () => {
  const moduleUrl = new URL('no-such-agent.mjs', import.meta.url)
  const refused = await rejectionOf(startAeronWorker(moduleUrl))
  if (!isAeronError(refused, 'WORKER_MODULE_NOT_FOUND')) throw refused
  expect(refused.context).toEqual({ moduleUrl: moduleUrl.href })
  expect(refused.message).toMatch(
    /^Cannot start the Aeron worker: its module ".*no-such-agent.mjs" does not exist; /,
  )
})

test('a module of a kind that Node.js does not load says what to name in its place', async () => {
  const refused = await rejectionOf(startAeronWorker(new URL('../../README.md', import.meta.url)))
  if (!(refused instanceof TypeError)) throw refused
  expect(refused.message).toMatch(
    /^Cannot start the Aeron worker: Unknown file extension .*; .* name a JavaScript module that registers the loader/,
  )
})

test('what goes wrong with the client of a worker is an error of this package on the thread that started it', async () => {
  const module = new URL('data:text/javascript,export const createAgent = () => undefined')
  const aeron = { aeronDirectory: '/nowhere/aeron', driverTimeoutMs: 1 }
  const refused = await rejectionOf(startAeronWorker(module, { aeron }))
  if (!isAeronError(refused, 'DRIVER_TIMEOUT')) throw refused
  expect(refused.context).toMatchObject({ aeronDirectory: '/nowhere/aeron', reason: 'no cnc.dat' })
  expect(refused.stack).toContain('worker-main')
})
