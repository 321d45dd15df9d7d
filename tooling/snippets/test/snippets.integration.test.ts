import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launchArchivingMediaDriver, launchCluster, launchMediaDriver } from '@x/aeron-tooling'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Program } from '../src/program.ts'
import { snippetsOf, type Need, type Snippet } from '../src/snippet.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const HERE = join(ROOT, 'tooling/snippets')
const PROGRAMS = join(HERE, 'programs')
const PRINT_TIMEOUT_MS = 60_000

function pages(): string[] {
  const folders = ['packages', 'tooling', 'apps'].flatMap((parent) =>
    readdirSync(join(ROOT, parent)).map((name) => `${parent}/${name}`),
  )
  return ['.', ...folders]
    .flatMap((folder) => [join(folder, 'README.md'), ...guidesOf(folder)])
    .filter((page) => existsSync(join(ROOT, page)))
}

function guidesOf(folder: string): string[] {
  const guides = join(folder, 'docs')
  if (folder === '.' || !existsSync(join(ROOT, guides))) return []
  return readdirSync(join(ROOT, guides)).map((name) => join(guides, name))
}

const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8')

const snippets: Snippet[] = []
for (const page of pages()) {
  test(`${page} says of each snippet how it is proven`, () => {
    expect(() => snippetsOf(page, textOf(page))).not.toThrow()
  })
  try {
    snippets.push(...snippetsOf(page, textOf(page)))
  } catch {
    // The test above tells.
  }
}

const pathOf = (snippet: Snippet): string => join(PROGRAMS, `${snippet.name}.ts`)

function named(name: string): Snippet {
  const found = snippets.find((snippet) => snippet.name === name)
  if (found === undefined) throw new Error(`Cannot find a snippet named ${name}`)
  return found
}

/** Things to end, the last one first: Node.js 20 has no AsyncDisposableStack. */
const started: AsyncDisposable[] = []

function use<T extends AsyncDisposable>(resource: T): T {
  started.push(resource)
  return resource
}

/** Starts what a snippet needs. Returns the environment by which its programs find it. */
async function launch(need: Need, workingDirectory: string): Promise<Record<string, string>> {
  if (need === 'nothing') return {}
  if (need === 'cluster') {
    const cluster = use(await launchCluster({ name: 'snippets' }))
    const { aeronDirectory, clusterDirectory } = cluster.member(0)
    symlinkSync(clusterDirectory, join(workingDirectory, 'aeron-cluster'))
    return { AERON_DIR: aeronDirectory, INGRESS_ENDPOINTS: cluster.ingressEndpoints }
  }
  const server = need === 'archive' ? launchArchivingMediaDriver : launchMediaDriver
  const { aeronDirectory } = use(await server({ name: 'snippets' }))
  return { AERON_DIR: aeronDirectory }
}

let workingDirectory = ''

beforeAll(() => {
  rmSync(PROGRAMS, { recursive: true, force: true })
  mkdirSync(PROGRAMS)
  for (const snippet of snippets) writeFileSync(pathOf(snippet), snippet.program)
})

afterAll(() => {
  rmSync(PROGRAMS, { recursive: true, force: true })
})

beforeEach(() => {
  workingDirectory = mkdtempSync(join(tmpdir(), 'snippet-'))
})

afterEach(async () => {
  for (const resource of started.splice(0).reverse()) await resource[Symbol.asyncDispose]()
  rmSync(workingDirectory, { recursive: true, force: true })
})

test('snippets have names of their own', () => {
  expect(new Set(snippets.map((snippet) => snippet.name)).size).toBe(snippets.length)
})

test('snippets pass the type checker', () => {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const { stdout } = spawnSync(tsc, ['-p', join(HERE, 'tsconfig.programs.json')], { encoding: 'utf8' })
  expect(stdout).toBe('')
})

for (const snippet of snippets) {
  test(`${snippet.page}: ${snippet.name} prints "${snippet.prints}"`, async () => {
    const environment = await launch(snippet.needs, workingDirectory)
    const start = (shown: Snippet): Program => use(new Program(pathOf(shown), workingDirectory, environment))
    const companion = snippet.with === undefined ? undefined : start(named(snippet.with))
    const program = start(snippet)
    const outputs = (): string => `${program.output}${companion?.output ?? ''}`
    await expect
      .poll(() => program.output, { timeout: PRINT_TIMEOUT_MS, message: outputs() })
      .toContain(snippet.prints)
    expect([null, 0], program.output).toContain(program.exitCode)
  })
}
