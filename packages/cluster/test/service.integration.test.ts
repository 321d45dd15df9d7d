import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchCluster, launchJava, poll, runJava, type Cluster, type ClusterMember } from '@x/aeron-tooling'
import { CounterType, isAeronError } from '@x/client'
import {
  AeronCluster,
  ClusteredServiceContainer,
  ConsensusModuleState,
  ElectionState,
  isClusterError,
  nameOf,
  Role,
  type ContainerOptions,
  type EgressListener,
} from '@x/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CommandService } from './support/command-service.ts'

// The Java client of the tutorial knows its nodes by fixed ports: a loopback address of our own keeps others away from them.
const HOST =
  process.platform === 'linux'
    ? `127.${1 + (process.pid % 250)}.${1 + ((process.pid >> 8) % 250)}.1`
    : '127.0.0.1'
const TUTORIAL_PORT = 9002

let nodes: Cluster
let member: ClusterMember
let service: CommandService
let container: ClusteredServiceContainer
let errors: Error[]

async function launch(more: Partial<ContainerOptions> = {}): Promise<void> {
  service = new CommandService()
  errors = []
  container = await ClusteredServiceContainer.launch({ ...options(), ...more })
  await nodes.awaitElected()
}

function options(): ContainerOptions {
  return {
    clusteredService: service,
    aeronDirectory: member.aeronDirectory,
    clusterDirectory: member.clusterDirectory,
    errorHandler: (error) => errors.push(error),
  }
}

async function until<T>(action: string, look: () => T | undefined | false): Promise<T> {
  return poll(look, { action, timeoutMs: 30_000, describe: () => `entries: ${service.entries.join('\n')}` })
}

async function untilEntry(pattern: RegExp): Promise<string> {
  return until(`see ${pattern} in the log`, () => service.entries.find((entry) => pattern.test(entry)))
}

/** A TypeScript client with what it heard. */
async function connect(): Promise<{
  client: AeronCluster
  heard: string[]
  say: (text: string) => Promise<void>
}> {
  const heard: string[] = []
  const egressListener: EgressListener = {
    onMessage: (_id, _timestamp, buffer, offset, length) =>
      void heard.push(buffer.getStringWithoutLengthAscii(offset, length)),
    onSessionEvent: ({ detail }) => void heard.push(`event ${detail}`),
  }
  const client = await AeronCluster.connect({
    aeronDirectory: member.aeronDirectory,
    ingressChannel: 'aeron:udp?term-length=64k',
    ingressEndpoints: `0=${HOST}:${TUTORIAL_PORT}`,
    egressChannel: 'aeron:udp?endpoint=127.0.0.1:0',
    egressListener,
  })
  const say = async (text: string): Promise<void> => {
    await until(`offer ${text}`, () => client.offer(Buffer.from(text)) > 0)
  }
  return { client, heard, say }
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

beforeAll(async () => {
  nodes = await launchCluster({
    name: 'service-test',
    fastTimeouts: true,
    properties: {
      'aeron.cluster.members': `0,${[0, 1, 2, 3, 4].map((port) => `${HOST}:${TUTORIAL_PORT + port}`).join(',')}`,
    },
  })
  member = nodes.member(0)
  await launch()
})

afterAll(async () => {
  await container.close()
  await nodes.close()
})

test('a service starts, leads, and sees its first leadership term', async () => {
  const term = await untilEntry(/^term/)
  expect(term).toMatch(/^term 0 at (\d+) unit 0 position 96 time \1$/)
  expect(service.lifecycle).toEqual(['start from nothing', `role ${Role.LEADER}`])
  expect(service.cluster).toMatchObject({ memberId: 0, role: Role.LEADER, logPosition: 96 })
  expect(container.isActive).toBe(true)
})

test('role, state and election of the member have names', () => {
  const { aeron, role } = service.cluster
  const named = (typeId: number, members: Readonly<Record<string, number>>): string => {
    const { countersReader } = aeron
    const id = countersReader.findCounter(
      (counterId) => countersReader.getCounterTypeId(counterId) === typeId,
    )
    return nameOf(members, Number(countersReader.getCounterValue(id)))
  }
  expect(nameOf(Role, role)).toBe('LEADER')
  expect(named(CounterType.CLUSTER_NODE_ROLE, Role)).toBe('LEADER')
  expect(named(CounterType.CLUSTER_CONSENSUS_MODULE_STATE, ConsensusModuleState)).toBe('ACTIVE')
  expect(named(CounterType.CLUSTER_ELECTION_STATE, ElectionState)).toBe('CLOSED')
})

test('the Java client of the tutorial gets its answers from the TypeScript service', async () => {
  await using client = await launchJava('io.aeron.samples.cluster.tutorial.BasicAuctionClusterClient', {
    properties: {
      'aeron.dir': `${member.aeronDirectory}-client`,
      'aeron.cluster.tutorial.customerId': '7',
      'aeron.cluster.tutorial.numOfBids': '5',
      'aeron.cluster.tutorial.bidIntervalMs': '20',
      'aeron.cluster.tutorial.hostnames': HOST,
    },
    temporaryPaths: [`${member.aeronDirectory}-client`],
  })
  await client.waitForOutput(/(SessionMessage\(1, 4,7, \d+, (true|false)\))/)
  const answers = client.output.split('\n').filter((line) => line.startsWith('SessionMessage(1, '))
  expect(answers).toHaveLength(5)
  const bids = service.entries.filter((entry) => entry.startsWith('bid '))
  expect(bids).toHaveLength(5)
  expect(answers[4]).toContain(`7, ${service.bestPrice}, `)
  expect(service.results.every((result) => result > 0)).toBe(true)
  await untilEntry(/^close 1 at \d+ reason 0/)
})

test('timers fire at their time, can be moved and cancelled', async () => {
  const { client, say } = await connect()
  // In one message each: between two, a member that stands still may let the timer fire that is to be cancelled or moved.
  for (const commands of ['schedule 41 400;cancel 41', 'schedule 42 60', 'schedule 43 400;schedule 43 600']) {
    await say(`!${commands}`)
  }
  const timeOf = (entry: string): bigint => BigInt(/ at (\d+)/.exec(entry)?.[1] ?? 0)
  for (const [id, delay] of [
    [42, 60n],
    [43, 600n],
  ] as const) {
    const scheduled = await untilEntry(new RegExp(`^text !schedule ${id}`))
    const fired = await untilEntry(new RegExp(`^timer ${id}`))
    expect(timeOf(fired) - timeOf(scheduled)).toBeGreaterThanOrEqual(delay)
  }
  expect(service.entries.filter((entry) => entry.startsWith('timer 41'))).toEqual([])
  client.close()
})

test('messages that the service offers come back through the log, without a session', async () => {
  const { client, heard, say } = await connect()
  await say('!offer 1')
  await say('!claim 2')
  expect(await untilEntry(/^text !offered 1/)).toContain('of a service')
  expect(await untilEntry(/^text !claimed 2/)).toContain('of a service')
  await say('!echo 3')
  await until('hear the echo', () => {
    client.pollEgress()
    return heard.includes('echo 3')
  })
  client.close()
})

test('a session is closed from either side', async () => {
  const { client, heard, say } = await connect()
  const { clusterSessionId } = client
  await say('!close')
  await untilEntry(new RegExp(`^close ${clusterSessionId} at \\d+ reason 1`))
  expect(service.entries).toContain('closing true')
  await until('hear of the close', () => {
    client.pollEgress()
    return heard.includes('event SERVICE_ACTION')
  })
  expect(service.cluster.getClientSession(clusterSessionId)).toBeUndefined()
  client.close()

  const second = await connect()
  second.client.close()
  await untilEntry(new RegExp(`^close ${second.client.clusterSessionId} at \\d+ reason 0`))
})

test('calls that the log does not drive are refused', () => {
  expect(service.refusals).toEqual([
    'ClusterError: Cannot schedule a timer: onRoleChange is not driven by the log, so replicas would differ; ' +
      'call it from a session, timer, leadership term or snapshot callback',
  ])
})

test('an exception of the service is counted and recorded, and the log goes on', async () => {
  const { client, say } = await connect()
  service.throwing.add('onTimerEvent')
  await say('!schedule 51 1')
  await until('see the error', () => errors.some(({ message }) => message === 'thrown by onTimerEvent'))
  service.throwing.clear()
  await say('!schedule 52 1')
  await untilEntry(/^timer 52/)
  const { output } = await nodes.clusterTool(member, 'errors')
  expect(output).toMatch(/1 observations from .*\n\s*Error: thrown by onTimerEvent/)
  const { aeronDirectory } = member
  const stat = await runJava('io.aeron.samples.AeronStat', { aeronDirectory, args: ['watch=false'] })
  expect(stat.output).toMatch(/\b1 - Cluster Container Errors - clusterId=0 serviceId=0/)
  expect(stat.output).toMatch(/[1-9]\d* - Cluster container max cycle time in ns - clusterId=0 serviceId=0/)
  client.close()
})

test('ClusterTool describes the container by its mark file', async () => {
  const { code, output } = await nodes.clusterTool(member, 'describe')
  expect(code).toBe(0)
  const container = output.split('\n').find((line) => line.includes('componentType=CONTAINER'))
  expect(container).toContain(`pid=${process.pid}|`)
  expect(container).toContain('|memberId=0|serviceId=0|')
  expect(container).toContain("|serviceName='clustered-service-0-0'|")
  expect(container).toContain(`|aeronDirectory='${member.aeronDirectory}'|`)
})

test('launch() refuses a second container of the same service, and the first goes on', async () => {
  const error = await rejectionOf(ClusteredServiceContainer.launch(options()))
  expect(isClusterError(error, 'ACTIVE_MARK_FILE')).toBe(true)
  expect(container.isActive).toBe(true)
})

test('launch() refuses a service id out of range', async () => {
  const error = await rejectionOf(ClusteredServiceContainer.launch({ ...options(), serviceId: 10 }))
  expect(error).toBeInstanceOf(RangeError)
})

test('launch() gives up without consensus module or driver, and can be tried again at once', async () => {
  const clusterDirectory = mkdtempSync(join(tmpdir(), 'no-cluster-'))
  const absent = { ...options(), clusterDirectory, clusterId: 77 }
  try {
    for (let attempt = 1; attempt <= 2; attempt++) {
      const error = await rejectionOf(
        ClusteredServiceContainer.launch({ ...absent, consensusModuleTimeoutMs: 200 }),
      )
      if (!isClusterError(error, 'CONSENSUS_MODULE_NOT_FOUND')) throw error
      expect(error.context).toMatchObject({ clusterId: 77, awaited: 'commit position counter' })
    }
    const controller = new AbortController()
    const launching = ClusteredServiceContainer.launch({ ...absent, signal: controller.signal })
    const reason = new Error('changed my mind')
    setTimeout(() => controller.abort(reason), 200)
    expect(await rejectionOf(launching)).toBe(reason)
    const noDriver = { ...absent, aeronDirectory: join(clusterDirectory, 'driver'), driverTimeoutMs: 200 }
    expect(
      isAeronError(await rejectionOf(ClusteredServiceContainer.launch(noDriver)), 'DRIVER_TIMEOUT'),
    ).toBe(true)
  } finally {
    rmSync(clusterDirectory, { recursive: true })
  }
})

test('a fresh service replays the whole log after a restart, to the same result', async () => {
  const before = service
  await member.kill('SIGTERM')
  const termination = await container.terminated
  expect(['CONSENSUS_MODULE_LOST', 'AERON_CLOSED']).toContain(termination.cause)
  expect(container.isClosed).toBe(true)

  await member.restart()
  await launch()
  await untilEntry(/^term 1/)
  expect(service.entries.slice(0, before.entries.length)).toEqual(before.entries)
  expect([service.bestPrice, service.bestCustomerId]).toEqual([before.bestPrice, before.bestCustomerId])
  expect(service.results).toEqual(Array(5).fill(1))
  const { client, heard, say } = await connect()
  await say('!echo 10')
  await until('hear the echo', () => {
    client.pollEgress()
    return heard.includes('echo 10')
  })
  client.close()
})

for (const command of ['abort', 'shutdown']) {
  test(`ClusterTool ${command} ends the service in good order`, async () => {
    expect((await nodes.clusterTool(member, command)).code).toBe(0)
    const termination = await container.terminated
    expect(termination).toMatchObject({ cause: 'CONSENSUS_MODULE_REQUEST', expected: true, error: undefined })
    expect(termination.logPosition).toBe(service.cluster.logPosition)
    expect(service.lifecycle.at(-1)).toBe('terminate')
    expect((await member.exited).code).toBe(0)
    await member.restart()
    await launch()
    await untilEntry(/^term/)
  })
}

test('close() ends the container, once, and lets the mark file go', async () => {
  await container.close()
  await container.close()
  expect(await container.terminated).toMatchObject({ cause: 'CLOSED', expected: true })
  expect(service.lifecycle.at(-1)).toBe('terminate')
  const { output } = await nodes.clusterTool(member, 'describe')
  expect(output).toMatch(/componentType=CONTAINER\|activityTimestamp=-1\|/)
})
