import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findJava, mavenJar, runJava, SBE_ARTIFACT } from '@x/aeron-tooling'
import { BenchError } from '../bench-error.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Writes the codecs of schema/order.xml with SBE's own tool, as a folder `bench`. */
async function generate(language: 'Java' | 'golang', folder: string): Promise<void> {
  const { code, output } = await runJava('uk.co.real_logic.sbe.SbeTool', {
    args: [join(ROOT, 'schema/order.xml')],
    classPath: [await mavenJar(SBE_ARTIFACT)],
    properties: { 'sbe.output.dir': folder, 'sbe.target.language': language },
  })
  if (code === 0) return
  throw new BenchError(`Cannot generate the codecs for ${language}: the tool ended with ${code}\n${output}`)
}

/** Generates Java codecs and compiles the program that measures them, in `folder`; its class path. */
export async function buildJavaCodecs(folder: string): Promise<readonly string[]> {
  const sources = join(folder, 'java-codecs')
  const classes = join(folder, 'java-codecs-classes')
  mkdirSync(sources)
  await generate('Java', sources)
  const jar = await mavenJar(SBE_ARTIFACT)
  const files = readdirSync(join(sources, 'bench')).map((name) => join(sources, 'bench', name))
  const javac = join(dirname((await findJava()).path), 'javac')
  const program = join(ROOT, 'java/CodecBench.java')
  execFileSync(javac, ['-nowarn', '-cp', jar, '-d', classes, program, ...files], { stdio: 'pipe' })
  return [classes, jar]
}

/** Generates Go codecs and builds the program that measures them, in `folder`; the path of the program. */
export async function buildGoCodecs(folder: string): Promise<string> {
  const sources = join(folder, 'go-codecs')
  cpSync(join(ROOT, 'programs/go-codecs'), sources, { recursive: true })
  await generate('golang', sources)
  const program = join(folder, 'go-codecs-program')
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: sources,
    stdio: 'pipe',
    env: { ...process.env, GOWORK: 'off' },
  })
  return program
}
