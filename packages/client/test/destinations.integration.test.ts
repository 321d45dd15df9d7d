import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchMediaDriver, reservePorts, type MediaDriverProcess } from '@x/aeron-tooling'
import { Aeron, isAeronError } from '@x/client'

let driver: MediaDriverProcess
let ports: Awaited<ReturnType<typeof reservePorts>>

beforeAll(async () => {
  driver = await launchMediaDriver({ name: 'client-destinations-test' })
  ports = await reservePorts(2)
})

afterAll(async () => {
  await driver.close()
  ports.release()
})

async function until(look: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!look()) {
    if (Date.now() > deadline) throw new Error('Cannot wait longer')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

test('a subscription receives from the destinations that are added to it, and not from those that are removed', async () => {
  const errors: Error[] = []
  using aeron = await Aeron.connect({
    aeronDirectory: driver.aeronDirectory,
    errorHandler: (error) => errors.push(error),
  })
  const subscription = await aeron.addSubscription('aeron:udp?control-mode=manual', 1501)
  const channels = ports.ports.map((port) => `aeron:udp?endpoint=127.0.0.1:${port}`)
  const publications = await Promise.all(
    channels.map((channel) => aeron.addExclusivePublication(channel, 1501)),
  )
  const [first = '', second = ''] = channels
  await subscription.addDestination(first)
  subscription.asyncAddDestination(second)
  await until(() => publications.every((publication) => publication.availableWindow > 0))
  expect(publications.map((publication) => publication.offer(Buffer.from('hello')) > 0)).toEqual([true, true])
  let received = 0
  await until(() => (received += subscription.poll(() => undefined, 10)) === 2)
  await subscription.removeDestination(first)
  await until(() => !(publications[0]?.isConnected ?? true))
  expect(publications[1]?.isConnected).toBe(true)

  expect(errors).toEqual([])
  const refused: unknown = await subscription.addDestination('aeron:udp').catch((reason: unknown) => reason)
  expect(isAeronError(refused, 'REGISTRATION_FAILED')).toBe(true)
  subscription.asyncAddDestination('aeron:udp')
  await until(() => errors.length > 0)
  expect(isAeronError(errors[0], 'REGISTRATION_FAILED')).toBe(true)
  subscription.close()
  expect(() => subscription.asyncAddDestination(first)).toThrow(
    expect.objectContaining({ code: 'RESOURCE_CLOSED' }),
  )
})
