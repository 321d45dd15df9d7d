import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { isClusterError } from '../../cluster-error.ts'
import { ClusteredServiceContainer } from '../clustered-service-container.ts'

/** A module of these lines. */
function moduleOf(...lines: readonly string[]): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(lines.join('\n'))}`)
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('expected a rejection'),
    (error: unknown) => error,
  )
}

const NEVER_READY = moduleOf(
  'setInterval(() => undefined, 1_000)',
  'export const createService = () => new Promise(() => undefined)',
)

test('what the worker says in the end is heard also by a thread that was busy until after it', async () => {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const launching = ClusteredServiceContainer.launchInWorker(
    moduleOf(
      'export function createService({ data }) {',
      'Atomics.store(data, 0, 1)',
      'Atomics.notify(data, 0)',
      "throw new TypeError('refused')",
      '}',
    ),
    { data: words },
  )
  // As a thread that computes: it has a turn again only when the other has ended.
  Atomics.wait(words, 0, 0, 25_000)
  expect(words[0]).toBe(1)
  Atomics.wait(words, 0, 1, 500)
  expect(await rejectionOf(launching)).toMatchObject({ name: 'TypeError', message: 'refused' })
})

test('a launch is given up while the module is still busy making its service', async () => {
  const controller = new AbortController()
  const launching = ClusteredServiceContainer.launchInWorker(NEVER_READY, { signal: controller.signal })
  controller.abort(new Error('changed my mind'))
  expect(await rejectionOf(launching)).toMatchObject({ message: 'changed my mind' })
})

test('a thread ends with its container, whatever the service has left open', async () => {
  const leaving = moduleOf(
    'setInterval(() => undefined, 1_000)',
    "export function createService() { throw new TypeError('refused') }",
  )
  expect(await rejectionOf(ClusteredServiceContainer.launchInWorker(leaving))).toMatchObject({
    message: 'refused',
  })
})

test('a module that does not exist is named, and what to do', async () => {
  const moduleUrl = new URL('no-such-service.mjs', import.meta.url)
  const refused = await rejectionOf(ClusteredServiceContainer.launchInWorker(moduleUrl))
  if (!isClusterError(refused, 'WORKER_MODULE_NOT_FOUND')) throw refused
  expect(refused.context).toEqual({ moduleUrl: moduleUrl.href })
  expect(refused.message).toMatch(/^Cannot launch the service in a worker: its module ".*" does not exist; /)
  expect(refused.message).toContain(fileURLToPath(moduleUrl))
})

test('what a module that exists does not find is told as Node.js tells it', async () => {
  const importing = moduleOf("import 'no-such-package'")
  expect(await rejectionOf(ClusteredServiceContainer.launchInWorker(importing))).toMatchObject({
    name: 'TypeError',
    message: expect.stringContaining('no-such-package'),
  })
})
