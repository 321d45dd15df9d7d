import { launchMediaDriver, type MediaDriverProcess, reservePorts, runJava } from '@x/aeron-tooling'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  Aeron,
  CncFileReader,
  CounterType,
  describeDriver,
  streamBacklogs,
  type StreamCounters,
  streamCounters,
} from '@x/client'
import { eventually } from './support/eventually.ts'

let driver: MediaDriverProcess
let aeron: Aeron
let udpChannel: string
let releasePorts: () => unknown

beforeAll(async () => {
  const reserved = await reservePorts(1)
  releasePorts = () => reserved.release()
  // Longer than what fits in the key of a counter.
  udpChannel = `aeron:udp?endpoint=localhost:${reserved.ports[0]}|alias=${'long'.repeat(25)}`
  driver = await launchMediaDriver({ properties: { 'aeron.dir.delete.on.shutdown': 'false' } })
  aeron = await Aeron.connect({ aeronDirectory: driver.aeronDirectory })
})

afterAll(async () => {
  aeron?.close()
  await driver?.close()
  await releasePorts?.()
})

/** A line of `StreamStat` for each stream. */
function linesOf(streams: readonly StreamCounters[]): string[] {
  return streams.map(({ sessionId, streamId, channel, counters }) => {
    const values = counters.map(({ name, registrationId, value }) => ` ${name}:${registrationId}:${value}`)
    return `sessionId=${sessionId} streamId=${streamId} channel=${channel} :${values.join('')}`
  })
}

async function publishTo(channel: string, streamId: number) {
  const subscription = await aeron.addSubscription(channel, streamId)
  const publication = await aeron.addExclusivePublication(channel, streamId)
  await eventually(() => publication.isConnected)
  const message = Buffer.alloc(1_000)
  await eventually(() => publication.offer(message) > 0)
  await eventually(() => subscription.poll(() => {}, 1) === 1)
  await eventually(() => publication.offer(message) > 0)
  return { publication, subscription, [Symbol.dispose]: () => (publication.close(), subscription.close()) }
}

test("the counters of streams are those that Java's StreamStat prints", async () => {
  using ipc = await publishTo('aeron:ipc', 10)
  using udp = await publishTo(udpChannel, 20)
  using reader = CncFileReader.map(driver.aeronDirectory)
  let ours: string[] = []
  // Until the driver has sampled and sent all, the two would see different numbers.
  await eventually(() => {
    const before = ours
    ours = linesOf(streamCounters(reader.countersReader))
    const isAt = (position: number, typeId: number) =>
      streamCounters(reader.countersReader).filter(({ counters }) =>
        counters.some((counter) => counter.typeId === typeId && counter.value === position),
      ).length
    return (
      isAt(udp.publication.position, CounterType.PUBLISHER_POSITION) === 2 &&
      isAt(udp.publication.position, CounterType.RECEIVER_POSITION) === 1 &&
      ours.join() === before.join()
    )
  })
  const { output } = await runJava('io.aeron.samples.StreamStat', { aeronDirectory: driver.aeronDirectory })
  const theirs = output.split('\n').filter((line) => line.startsWith('sessionId='))
  expect(ours).toEqual(theirs)
  expect(ours.join()).toContain(udpChannel)
  expect(ipc.publication.position).toBe(udp.publication.position)
  expect(linesOf(streamCounters(aeron.countersReader))).toEqual(ours)
})

test('backlogs tell what is published, sent, received and not yet consumed', async () => {
  using ipc = await publishTo('aeron:ipc', 30)
  using udp = await publishTo(udpChannel, 40)
  using spy = await aeron.addSubscription(`aeron-spy:${udpChannel}`, 40)
  await eventually(() => spy.imageCount === 1)
  const backlogOf = (streamId: number) =>
    streamBacklogs(aeron.countersReader).filter((stream) => stream.streamId === streamId)
  const half = udp.publication.position / 2
  await eventually(() => backlogOf(40).some(({ receiver }) => receiver?.position === half * 2))
  await eventually(() => backlogOf(40).some(({ sender }) => sender?.backlog === 0))
  await eventually(() => backlogOf(30)[0]?.subscribers[0]?.backlog === half)

  expect(backlogOf(30)).toMatchObject([
    {
      sessionId: ipc.publication.sessionId,
      channel: 'aeron:ipc',
      publisher: { registrationId: ipc.publication.registrationId, position: half * 2 },
      sender: undefined,
      receiver: undefined,
      subscribers: [{ registrationId: ipc.subscription.registrationId, position: half, backlog: half }],
    },
  ])
  const streams = backlogOf(40)
  const published = streams.find(({ channel }) => channel === udpChannel)
  expect(published).toMatchObject({
    publisher: { registrationId: udp.publication.registrationId, position: half * 2 },
    sender: { position: half * 2, backlog: 0 },
    receiver: { position: half * 2, highWaterMark: half * 2 },
  })
  expect(published?.publisher?.remainingWindow).toBe(udp.publication.availableWindow)
  expect(streams.flatMap(({ subscribers }) => subscribers)).toEqual(
    expect.arrayContaining([
      { registrationId: udp.subscription.registrationId, position: half, backlog: half },
      { registrationId: spy.registrationId, position: half * 2, backlog: 0 },
    ]),
  )
})

test('the counters of a driver can be read without the right to write, and when it is gone', async () => {
  await using other = await launchMediaDriver({ properties: { 'aeron.dir.delete.on.shutdown': 'false' } })
  const { aeronDirectory } = other
  const path = join(aeronDirectory, 'cnc.dat')
  chmodSync(path, 0o444)
  using reader = CncFileReader.map(aeronDirectory)
  expect([reader.driverPid, reader.cncVersion]).toEqual([
    other.pid,
    describeDriver(aeronDirectory).cncVersion,
  ])
  // Who runs the tests as root may write whatever the mode says.
  const maps = '/proc/self/maps'
  const mappings = existsSync(maps) ? readFileSync(maps, 'latin1').split('\n') : []
  expect(mappings.filter((line) => line.endsWith(path) && line.includes(' rw-s '))).toEqual([])
  expect(reader.driverStartMs).toBeLessThanOrEqual(reader.driverHeartbeatMs)
  expect(reader.driverHeartbeatAgeMs).toBeLessThan(30_000)
  const { driverHeartbeatMs } = reader
  await eventually(() => reader.driverHeartbeatMs > driverHeartbeatMs)
  const labels: string[] = []
  reader.countersReader.forEach((_id, _typeId, _key, label) => labels.push(label))
  expect(labels[0]).toMatch(/^Bytes sent/)

  await other.kill()
  using late = CncFileReader.map(aeronDirectory)
  expect(late.driverPid).toBe(other.pid)
  expect(late.countersReader.getCounterLabel(0)).toBe(labels[0])
  late.close()
  expect(late.countersReader.getCounterValue(0)).toBe(0n)
  expect(() => CncFileReader.map('/nowhere')).toThrow(/no cnc\.dat/)
})
