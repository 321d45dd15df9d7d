import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { FakeDriver } from '../../test/support/fake-driver.ts'
import { ResilientAeron } from './resilient-aeron.ts'

test('adding to a client that the application has closed behind its back is refused, not tried for ever', async () => {
  using driver = new FakeDriver()
  const { directory, clock } = driver
  await using aeron = await ResilientAeron.connect({ aeronDirectory: directory, epochClock: clock })
  aeron.current?.close()
  const adding = aeron.addPublication('aeron:ipc', 10).catch((error: unknown) => error)
  const outcome = await Promise.race([adding, sleep(20_000, 'still trying', { ref: false })])
  expect(outcome).toMatchObject({ code: 'CLIENT_CLOSED' })
})
