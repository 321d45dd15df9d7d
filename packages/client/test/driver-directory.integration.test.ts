import { launchMediaDriver, reservePorts } from '@x/aeron-tooling'
import { expect, test } from 'vitest'
import {
  Aeron,
  describeDriver,
  isDriverActive,
  readDriverErrors,
  readLossReport,
  requestDriverTermination,
} from '@x/client'
import { eventually } from './support/eventually.ts'

const LOSS = {
  'aeron.SendChannelEndpoint.supplier': 'io.aeron.driver.ext.DebugSendChannelEndpointSupplier',
  'aeron.ReceiveChannelEndpoint.supplier': 'io.aeron.driver.ext.DebugReceiveChannelEndpointSupplier',
  'aeron.debug.receive.data.loss.rate': '0.1',
  'aeron.debug.receive.data.loss.seed': '7',
  'aeron.debug.send.control.loss.rate': '0.05',
  'aeron.debug.send.control.loss.seed': '11',
}

test('messages arrive whole and in order though the driver loses one frame in ten, and the loss is reported', async () => {
  await using driver = await launchMediaDriver({ properties: LOSS })
  const reserved = await reservePorts(1)
  using aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
  const channel = `aeron:udp?endpoint=localhost:${reserved.ports[0]}|nak-delay=1ms`
  using subscription = await aeron.addSubscription(channel, 10)
  using publication = await aeron.addPublication(channel, 10)
  await eventually(() => publication.isConnected)
  const sent = Buffer.alloc(1_000)
  const received: number[] = []
  let next = 0
  await eventually(() => {
    for (let i = 0; i < 50 && next < 2_000; i++) {
      sent.writeInt32LE(next)
      if (publication.offer(sent) < 0) break
      next++
    }
    subscription.poll((buffer, offset) => {
      received.push(buffer.getInt32(offset))
    }, 100)
    return received.length === 2_000
  }, 60_000)
  expect(received).toEqual(Array.from({ length: 2_000 }, (_, i) => i))
  const losses = readLossReport(driver.aeronDirectory)
  expect(losses[0]).toMatchObject({ streamId: 10, sessionId: publication.sessionId })
  expect(losses[0]?.totalBytesLost).toBeGreaterThan(1_000n)
  reserved.release()
})

test('a driver shows its errors, ends at a request that it allows, and is then no longer active', async () => {
  await using driver = await launchMediaDriver({
    properties: {
      'aeron.driver.termination.validator': 'io.aeron.driver.DefaultAllowTerminationValidator',
      'aeron.dir.delete.on.shutdown': 'false',
    },
  })
  const { aeronDirectory } = driver
  using aeron = await Aeron.connect({ aeronDirectory })
  await expect(aeron.addPublication('aeron:ipc?term-length=1000', 1)).rejects.toThrow(/the driver says/)
  expect(readDriverErrors(aeronDirectory).map(({ encodedError }) => encodedError)).toEqual([
    expect.stringMatching(/term.*length/i),
  ])
  expect(aeron.driverVersion).toMatch(/^1\.\d+\.\d+$/)
  expect(isDriverActive(aeronDirectory)).toBe(true)
  const described = describeDriver(aeronDirectory)
  expect(described).toMatchObject({
    cncVersion: '0.2.0',
    driverVersion: aeron.driverVersion,
    pid: driver.pid,
  })
  expect(Object.values(described.features)).not.toContain(false)
  expect(described.heartbeatAgeMs).toBeLessThan(30_000)
  expect(requestDriverTermination(aeronDirectory, Buffer.from('please'))).toBe(true)
  await driver.exited
  expect(isDriverActive(aeronDirectory)).toBe(false)
  expect(readDriverErrors(aeronDirectory)).toHaveLength(1)
  expect(() => requestDriverTermination(aeronDirectory)).toThrow(/driver heartbeat too old/)
})
