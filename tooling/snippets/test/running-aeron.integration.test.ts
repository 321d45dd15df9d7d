import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  AERON_ARTIFACT,
  aeronJar,
  launchProgram,
  poll,
  RunDirectory,
  type JavaProgram,
} from '@x/aeron-tooling'
import { AeronArchive } from '@x/archive'
import { Aeron, isDriverActive } from '@x/client'
import { AeronCluster, ClusteredServiceContainer, type ClusteredService } from '@x/cluster'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { blocksOf, codeOfTable, sectionOf } from '../src/commands.ts'

const PAGE = fileURLToPath(new URL('../../../packages/client/docs/running-aeron.md', import.meta.url))
const page = readFileSync(PAGE, 'utf8')
const START_TIMEOUT_MS = 60_000

/** What each command of the last table must print, in the order of the table. */
const PRINTED = [
  ['AeronStat', /Bytes sent/],
  ['ErrorStat', /distinct errors/],
  ['LossStat', /Loss report|loss/i],
  ['ArchiveTool', /recordingId=0/],
  ['list-members', /leaderMemberId=0/],
  ['errors', /distinct errors/],
  ['snapshot', /SNAPSHOT/],
  ['shutdown', /SHUTDOWN/],
] as const

let run: RunDirectory
let aeronDirectory: string
let ports: ReadonlyMap<string, number>
let server: JavaProgram | undefined

beforeEach(async () => {
  run = RunDirectory.create('running-aeron')
  aeronDirectory = run.driverDirectory()
  const named = [...new Set(page.match(/(?<=localhost:)[1-9]\d*/g))]
  const reserved = await run.reservePorts(named.length)
  ports = new Map(named.map((port, index) => [port, reserved[index] ?? 0]))
  symlinkSync(await aeronJar(), join(run.path, `aeron-all-${AERON_ARTIFACT.version}.jar`))
  const [options = ''] = blocksOf(sectionOf(page, 'Getting Aeron'), '')
  writeFileSync(join(run.path, 'java.options'), options)
})

afterEach(async () => {
  await server?.close()
  server = undefined
  run.remove()
})

/** As on the page, but for ports that nothing else on this machine uses. */
function withOwnPorts(text: string): string {
  return text.replaceAll(/(?<=localhost:)[1-9]\d*/g, (port) => String(ports.get(port)))
}

/** Runs a command as the page shows it, in its folder and environment. */
async function shell(name: string, command: string): Promise<JavaProgram> {
  const inFolder = `cd '${run.path}' && exec ${withOwnPorts(command)}`
  const environment = { ...process.env, AERON_DIR: aeronDirectory }
  return launchProgram('/bin/sh', { name, args: ['-c', inFolder], environment })
}

async function start(heading: string): Promise<void> {
  const [command = ''] = blocksOf(sectionOf(page, heading), 'sh')
  const started = await shell('server', command)
  server = started
  await poll(() => isDriverActive(aeronDirectory), {
    action: `start "${heading}"`,
    timeoutMs: START_TIMEOUT_MS,
    check: () => expect(started.exit, started.output).toBeUndefined(),
  })
}

test('the page fetches the jar that everything here is tested against, and its options name it', () => {
  const { groupId, artifactId, version } = AERON_ARTIFACT
  const section = sectionOf(page, 'Getting Aeron')
  expect(blocksOf(section, 'sh')[0]).toContain(`-Dartifact=${groupId}:${artifactId}:${version} `)
  expect(blocksOf(section, '')[0]).toContain(`-cp ${artifactId}-${version}.jar`)
  expect(blocksOf(section, 'sh')[1]).toContain('export AERON_DIR=')
})

test('the command for a media driver starts one', async () => {
  await start('A media driver')
  using aeron = await Aeron.connect({ aeronDirectory })
  expect(aeron.driverVersion).toBe(AERON_ARTIFACT.version)
})

test('the command for an archive starts one', async () => {
  await start('A media driver with an archive')
  using archive = await AeronArchive.connect({
    aeronDirectory,
    controlRequestChannel: withOwnPorts('aeron:udp?endpoint=localhost:8010'),
    controlResponseChannel: 'aeron:udp?endpoint=localhost:0',
    messageTimeoutMs: START_TIMEOUT_MS,
  })
  expect(await archive.listRecordings(0n, 10)).toEqual([])
})

test('the command for a cluster starts one, and those that look into it do what the page says', async () => {
  await start('A cluster of one member')
  const clusteredService: ClusteredService = {
    onStart() {},
    onSessionMessage() {},
    onTakeSnapshot() {},
  }
  await using container = await ClusteredServiceContainer.launch({
    clusteredService,
    aeronDirectory,
    clusterDirectory: join(run.path, 'aeron-cluster'),
    consensusModuleTimeoutMs: START_TIMEOUT_MS,
  })
  const client = await AeronCluster.connect({
    aeronDirectory,
    ingressChannel: 'aeron:udp',
    ingressEndpoints: withOwnPorts('0=localhost:9002'),
    egressChannel: 'aeron:udp?endpoint=localhost:0',
    messageTimeoutMs: START_TIMEOUT_MS,
  })
  client.close()

  const commands = codeOfTable(sectionOf(page, 'Inspecting it'))
  expect(commands.length).toBe(PRINTED.length)
  for (const [index, command] of commands.entries()) {
    const [word, printed] = PRINTED[index]!
    expect(command).toContain(word)
    await using tool = await shell(word, `java @java.options ${command}`)
    expect(await tool.waitForExit(START_TIMEOUT_MS), tool.output).toMatchObject({ code: 0 })
    expect(tool.output, command).toMatch(printed)
  }
  expect(await container.terminated).toMatchObject({ expected: true })
  await server?.waitForExit(START_TIMEOUT_MS)
})
