import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PROGRAM = `
import { startAeronWorker } from '@x/client/worker'
import { ClusteredServiceContainer } from './clustered-service-container.ts'
import { ActivityBoard } from './stall/activity-board.ts'
import { StallWatch } from './stall/stall-watch.ts'

const module = new URL('data:text/javascript,')
const told: unknown[] = []
const tell = ({ name, code, message, context }) => void told.push({ name, code, message, context })

const limits = { serviceId: 0, thresholdMs: 1_000, clientLivenessTimeoutMs: 10_000 }
const watch = new StallWatch(new ActivityBoard(), { ...limits, onError: tell })
watch.start({ markFilePath: 'none', errorBufferLength: 0 })
Promise.resolve()
  .then(() => startAeronWorker(module).catch(tell))
  .then(() => ClusteredServiceContainer.launchInWorker(module).catch(tell))
  .then(() => console.log(JSON.stringify(told)))
`

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundled-'))
  // Its native part does not go into a bundle, and nothing here maps a file.
  writeFileSync(join(folder, 'koffi.mjs'), 'export default {}')
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What an application that bundles our packages is told when it starts our threads. */
async function toldBy(format: 'esm' | 'cjs'): Promise<unknown> {
  const outfile = join(folder, format === 'esm' ? 'app.mjs' : 'app.cjs')
  await build({
    stdin: { contents: PROGRAM, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    outfile,
    format,
    platform: 'node',
    target: 'node20.19',
    conditions: ['@x/source'],
    alias: { koffi: join(folder, 'koffi.mjs') },
    logLevel: 'silent',
  })
  return JSON.parse(execFileSync(process.execPath, [outfile], { encoding: 'utf8' }))
}

function missing(name: string, action: string, packageName: string, path: string | undefined): unknown {
  return {
    name,
    code: 'THREAD_FILE_MISSING',
    message: expect.stringMatching(
      new RegExp(
        `^Cannot ${action}: .* does not exist; if ${packageName} was bundled .* mark it as external`,
      ),
    ),
    context: path === undefined ? {} : { path: join(folder, path) },
  }
}

test('an application that bundles the packages is told to leave them out, for each thread that cannot start', async () => {
  expect(await toldBy('esm')).toEqual([
    missing('ClusterError', 'watch the container for stalls', '@x/cluster', 'watching-thread-main.js'),
    missing('AeronError', 'start the Aeron worker', '@x/client', 'worker-main.js'),
    missing('ClusterError', 'launch the service in a worker', '@x/cluster', 'service-worker-main.js'),
  ])
})

test('a bundle of CommonJS, which does not know where it is, is told the same', async () => {
  expect(await toldBy('cjs')).toEqual([
    missing('ClusterError', 'watch the container for stalls', '@x/cluster', undefined),
    missing('AeronError', 'start the Aeron worker', '@x/client', undefined),
    missing('ClusterError', 'launch the service in a worker', '@x/cluster', undefined),
  ])
})
