import { execFileSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mavenJar, runJava, SBE_ARTIFACT } from '@x/aeron-tooling'
import { BenchError } from '../bench-error.ts'

const SOURCES = fileURLToPath(new URL('../../programs/go-codecs', import.meta.url))
const SCHEMA = fileURLToPath(new URL('../../schema/order.xml', import.meta.url))

/** Generates Go codecs with SBE's own tool and builds the program that measures them, in `folder`; the path of the program. */
export async function buildGoCodecs(folder: string): Promise<string> {
  const sources = join(folder, 'go-codecs')
  cpSync(SOURCES, sources, { recursive: true })
  const { code, output } = await runJava('uk.co.real_logic.sbe.SbeTool', {
    args: [SCHEMA],
    classPath: [await mavenJar(SBE_ARTIFACT)],
    properties: { 'sbe.output.dir': sources, 'sbe.target.language': 'golang' },
  })
  if (code !== 0)
    throw new BenchError(`Cannot generate the Go codecs: the tool ended with ${code}\n${output}`)
  const program = join(folder, 'go-codecs-program')
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: sources,
    stdio: 'pipe',
    env: { ...process.env, GOWORK: 'off' },
  })
  return program
}
