import {
  AUCTION_SERVICE_CLASS,
  type Cluster,
  type ClusterMember,
  launchCluster,
  runJava,
} from '@x/aeron-tooling'
import { run } from '@x/tools'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

let cluster: Cluster
let member: ClusterMember

beforeAll(async () => {
  cluster = await launchCluster({
    name: 'tools-test',
    fastTimeouts: true,
    serviceClass: AUCTION_SERVICE_CLASS,
  })
  await cluster.awaitElected()
  member = cluster.member(0)
})

afterAll(async () => {
  await cluster?.close()
})

interface Outcome {
  readonly code: number
  readonly written: readonly string[]
  readonly printed: readonly string[]
}

async function aeron(line: string, ...rest: readonly string[]): Promise<Outcome> {
  const written: string[] = []
  const printed: string[] = []
  const output = { write: (text: string) => written.push(text), print: (text: string) => printed.push(text) }
  return { code: await run([...line.split(' '), ...rest], output), written, printed }
}

async function jsonOf(line: string, ...rest: readonly string[]): Promise<Record<string, unknown>> {
  const { written } = await aeron(line, ...rest, '--json')
  return JSON.parse(written.join('\n')) as Record<string, unknown>
}

test('aeron counters has the counters of AeronStat, and picks those that are asked for', async () => {
  const { aeronDirectory } = member
  const labelsOf = (lines: readonly string[]): string[] =>
    lines.map((text) => /^ *\d+: +[-\d,]+ - (.*)$/.exec(text)?.[1] ?? '').filter((label) => label !== '')
  // Clients come to their names late, and counters come and go while a cluster starts.
  await vi.waitFor(
    async () => {
      const { code, written } = await aeron('counters --directory', aeronDirectory)
      const stat = await runJava('io.aeron.samples.AeronStat', { aeronDirectory, args: ['watch=false'] })
      expect(labelsOf(written)).toEqual(labelsOf(stat.output.split('\n')))
      expect(labelsOf(written).length).toBeGreaterThan(50)
      expect(code).toBe(0)
    },
    { timeout: 60_000, interval: 100 },
  )

  const filtered = await aeron('counters --type ^(1|12)$ --stream ^10[45]$ --directory', aeronDirectory)
  const labels = labelsOf(filtered.written)
  expect(labels.length).toBeGreaterThan(1)
  expect(labels.filter((label) => !/^pub-(lmt|pos).* 10[45] aeron:ipc/.test(label))).toEqual([])
  const { counters } = await jsonOf('counters --identity ^0$ --type ^0$ -d', aeronDirectory)
  expect(counters).toMatchObject([
    { id: 0, registrationId: '0', label: expect.stringContaining('Bytes sent') },
  ])
})

test('aeron driver, streams, backlog, errors and loss read the driver', async () => {
  const { aeronDirectory, pid } = member
  expect((await aeron('driver -d', aeronDirectory)).written.join()).toContain(`pid ${pid}`)
  expect(await jsonOf('driver -d', aeronDirectory)).toMatchObject({ isActive: true, pid })
  const streams = await aeron('streams -d', aeronDirectory)
  expect(streams.written.join('\n')).toMatch(
    /^sessionId=-?\d+ streamId=104 channel=aeron:ipc.* : .*pub-pos \(concurrent\):\d+:\d+/m,
  )
  const backlog = await aeron('backlog -d', aeronDirectory)
  expect(backlog.written.join('\n')).toMatch(
    /publisher \d+ is at \d+, \d+ bytes before back-pressure\n.*subscriber \d+ is at \d+, 0 bytes behind/,
  )
  expect((await aeron('errors -d', aeronDirectory)).written).toEqual([
    `Driver in ${aeronDirectory}: 0 distinct errors`,
  ])
  expect((await aeron('loss -d', aeronDirectory)).written).toEqual(['0 entries'])
})

test('aeron archive and aeron cluster read their directories', async () => {
  const { archiveDirectory, clusterDirectory, endpoints, pid } = member
  const archive = await aeron('archive describe', archiveDirectory)
  expect(archive.written[0]).toMatch(new RegExp(`^pid ${pid}, started .*, 0 distinct errors$`))
  expect((await aeron('archive recordings', archiveDirectory)).written).toEqual([
    expect.stringMatching(/^recordingId=0 .* stopTimestamp=never .* stopPosition=-1 .* state=VALID$/),
  ])
  expect((await aeron('archive errors', archiveDirectory)).written).toHaveLength(1)

  const described = await aeron('cluster describe', clusterDirectory)
  expect(described.written[0]).toMatch(new RegExp(`^CONSENSUS_MODULE: pid ${pid},`))
  expect(described.written[2]).toMatch(
    new RegExp(`^CONTAINER of service 0: pid ${member.containers[0]?.pid},`),
  )
  expect((await aeron('cluster recording-log', clusterDirectory)).written).toEqual([
    expect.stringMatching(/^kind=term isValid=true recordingId=0 /),
  ])
  expect((await aeron('cluster members', clusterDirectory)).written.join('\n')).toContain(
    `ingressEndpoint=${endpoints.ingress}`,
  )
  expect(await aeron('cluster is-leader', clusterDirectory)).toEqual({
    code: 0,
    written: ['member 0 leads'],
    printed: [],
  })
  expect((await aeron('cluster errors', clusterDirectory)).written).toEqual([
    'CONSENSUS_MODULE: 0 distinct errors',
    'CONTAINER of service 0: 0 distinct errors',
  ])
})

test('what is not there is told, as are wrong arguments, and watching ends when it is to', async () => {
  expect(await aeron('archive describe /nowhere')).toMatchObject({
    code: 1,
    written: [],
    printed: [expect.stringContaining('archive-mark.dat')],
  })
  expect(await aeron('counters --type (')).toMatchObject({ code: 2, written: [] })
  expect((await aeron('counters --watch 0')).code).toBe(2)
  expect((await aeron('nothing')).code).toBe(2)
  expect((await aeron('--help')).written.join()).toContain('aeron backlog')

  const watching = new AbortController()
  let titles = 0
  const write = (text: string): void => {
    if (text.includes(' cnc.dat ') && ++titles === 3) watching.abort()
  }
  const args = ['counters', '--watch', '0.01', '-d', member.aeronDirectory]
  expect(await run(args, { write, print: () => {} }, watching.signal)).toBe(0)
  expect(titles).toBe(3)
})
