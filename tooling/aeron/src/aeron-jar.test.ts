import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aeronJar } from './aeron-jar.ts'
import type { AeronJarOptions } from './aeron-jar.ts'
import { cacheDirectory, mavenJar } from './maven-jar.ts'

const CONTENT = 'not really a jar'
const ARTIFACT = {
  groupId: 'org.example',
  artifactId: 'thing',
  version: '1.2.3',
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
}

let folder: string
let tools: string
let cache: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aeron-jar-'))
  tools = join(folder, 'bin')
  cache = join(folder, 'cache', 'aeron-node')
  mkdirSync(tools)
  install('java', 'echo \'openjdk version "17.0.15"\' >&2')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function install(name: string, script: string): void {
  writeFileSync(join(tools, name), `#!/bin/sh\n${script}\n`)
  chmodSync(join(tools, name), 0o755)
}

/** A Maven of nothing but shell built-ins: PATH holds no other command. */
function installMaven(copy: string, version = '3.9.9'): void {
  install(
    'mvn',
    `for argument in "$@"; do
      case "$argument" in
        --version) echo "Apache Maven ${version} (abc)"; exit 0;;
        -DoutputDirectory=*) folder="\${argument#*=}";;
      esac
    done
    echo "$*" >> ${folder}/calls
    ${copy}`,
  )
}

function options(more: AeronJarOptions = {}): AeronJarOptions {
  return { artifact: ARTIFACT, environment: { PATH: tools, XDG_CACHE_HOME: join(folder, 'cache') }, ...more }
}

function calls(): string[] {
  const path = join(folder, 'calls')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

const GOOD_COPY = `printf '${CONTENT}' > "$folder/thing-1.2.3.jar"`

test('cacheDirectory() is outside the work tree, where the platform wants it', () => {
  expect(cacheDirectory({ HOME: '/home/a' }, 'linux')).toBe('/home/a/.cache/aeron-node')
  expect(cacheDirectory({ HOME: '/Users/a' }, 'darwin')).toBe('/Users/a/Library/Caches/aeron-node')
  expect(cacheDirectory({ HOME: '/home/a', XDG_CACHE_HOME: '/c' }, 'linux')).toBe('/c/aeron-node')
})

test('aeronJar() fetches the artifact with Maven once', async () => {
  installMaven(GOOD_COPY)
  const messages: string[] = []
  const jar = await aeronJar(options({ onProgress: (message) => messages.push(message) }))
  expect(jar).toBe(join(cache, 'thing-1.2.3.jar'))
  expect(readFileSync(jar, 'utf8')).toBe(CONTENT)
  expect(messages[0]).toBe('fetching org.example:thing:1.2.3 with Maven 3.9.9 ...')
  expect(await aeronJar(options())).toBe(jar)
  expect(calls()).toHaveLength(1)
  expect(calls()[0]).toContain('maven-dependency-plugin:3.8.1:copy -Dartifact=org.example:thing:1.2.3')
})

test('aeronJar() leaves one whole jar when many ask at once', async () => {
  installMaven(GOOD_COPY)
  const jars = await Promise.all(Array.from({ length: 8 }, async () => aeronJar(options())))
  expect(new Set(jars).size).toBe(1)
  expect(readdirSync(cache)).toEqual(['thing-1.2.3.jar'])
})

test('aeronJar() fetches again what was damaged in the cache', async () => {
  installMaven(GOOD_COPY)
  const jar = await aeronJar(options())
  writeFileSync(jar, 'torn')
  await aeronJar(options())
  expect(readFileSync(jar, 'utf8')).toBe(CONTENT)
})

test('aeronJar() refuses what does not have the pinned checksum, and does not keep it', async () => {
  installMaven(`printf other > "$folder/thing-1.2.3.jar"`)
  const jar = aeronJar(options())
  await expect(jar).rejects.toMatchObject({
    code: 'CHECKSUM_MISMATCH',
    context: { expected: ARTIFACT.sha256 },
  })
  await expect(jar).rejects.toThrow(/remove the artifact from Maven's local repository/)
  expect(readdirSync(cache)).toEqual([])
})

test('aeronJar() tries twice, and then shows what Maven said', async () => {
  installMaven('echo no route to repo; exit 1')
  const jar = aeronJar(options())
  await expect(jar).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  await expect(jar).rejects.toThrow(/ended with 1.*AERON_JAR[^]*no route to repo/)
  expect(calls()).toHaveLength(2)
})

test('aeronJar() says what to install when there is no Maven', async () => {
  const jar = aeronJar(options())
  await expect(jar).rejects.toMatchObject({ code: 'MAVEN_MISSING' })
  await expect(jar).rejects.toThrow(
    /no mvn on PATH; install Maven.*apt-get install openjdk-17-jdk-headless maven/,
  )
})

test('aeronJar() refuses a Maven that is too old', async () => {
  installMaven(GOOD_COPY, '3.5.4')
  await expect(aeronJar(options())).rejects.toThrow(/is version 3\.5\.4, and 3\.6\.3 or newer is needed/)
})

test('aeronJar() says what to install when there is no Java for Maven', async () => {
  rmSync(join(tools, 'java'))
  installMaven(GOOD_COPY)
  await expect(aeronJar(options())).rejects.toMatchObject({ code: 'JAVA_MISSING' })
})

test('mavenJar() fetches any artifact, and does not speak of AERON_JAR', async () => {
  installMaven(GOOD_COPY)
  const { environment } = options()
  expect(await mavenJar(ARTIFACT, { environment })).toBe(join(cache, 'thing-1.2.3.jar'))
  installMaven('exit 1')
  const other = mavenJar({ ...ARTIFACT, artifactId: 'other' }, { environment })
  await expect(other).rejects.toThrow(/^Cannot fetch org\.example:other:1\.2\.3: (?![^]*AERON_JAR)/)
})

test('aeronJar() takes the jar that AERON_JAR names', async () => {
  const own = join(folder, 'own.jar')
  writeFileSync(own, '')
  expect(await aeronJar({ environment: { AERON_JAR: own } })).toBe(own)
})

test('aeronJar() says so when AERON_JAR names nothing', async () => {
  const jar = aeronJar({ environment: { AERON_JAR: '/nowhere/aeron.jar' } })
  await expect(jar).rejects.toMatchObject({ code: 'JAR_MISSING', context: { path: '/nowhere/aeron.jar' } })
  await expect(jar).rejects.toThrow(/AERON_JAR is \/nowhere\/aeron\.jar, where there is no file/)
})
