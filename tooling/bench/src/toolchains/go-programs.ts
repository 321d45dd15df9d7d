import { execFileSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { join } from 'node:path'

const AERON_GO = 'github.com/lirm/aeron-go'

/** Names a checkout of aeron-go, for machines whose module proxy does not serve it. */
const FOLDER_VARIABLE = 'AERON_GO_DIR'

const BUILD_TIMEOUT_MS = 300_000

function go(cwd: string, args: readonly string[]): void {
  execFileSync('go', args, {
    cwd,
    stdio: 'pipe',
    timeout: BUILD_TIMEOUT_MS,
    // The programs are a module of their own, wherever this folder lies.
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=mod' },
  })
}

/** Whether there is no such command. */
function isMissing(error: unknown): boolean {
  return (error as { code?: string }).code === 'ENOENT'
}

/** The last words of a failed command. */
function reasonOf(error: unknown): string {
  if (isMissing(error)) return 'there is no go on PATH'
  const { stderr } = error as { stderr?: Buffer }
  const lines = String(stderr ?? error)
    .trim()
    .split('\n')
  return (lines.findLast((line) => line.trim() !== '') ?? String(error)).trim()
}

/**
 * Builds our Go programs against aeron-go, in a copy of their sources.
 *
 * @returns why there are none, or undefined when there are
 */
export function buildGoPrograms(
  sourceFolder: string,
  workFolder: string,
  outputFolder: string,
): string | undefined {
  cpSync(sourceFolder, workFolder, { recursive: true })
  const checkout = process.env[FOLDER_VARIABLE]
  try {
    if (checkout !== undefined && checkout !== '') {
      if (!existsSync(join(checkout, 'go.mod'))) {
        return `${FOLDER_VARIABLE} is ${checkout}, where there is no go.mod`
      }
      go(workFolder, ['mod', 'edit', `-replace=${AERON_GO}=${checkout}`])
      cpSync(join(checkout, 'go.sum'), join(workFolder, 'go.sum'))
    }
    go(workFolder, ['build', '-o', `${outputFolder}/`, './...'])
    return undefined
  } catch (error) {
    const reason = `cannot build the Go programs: ${reasonOf(error)}`
    if (isMissing(error) || (checkout !== undefined && checkout !== '')) return reason
    return `${reason}; if that is ${AERON_GO}, name a checkout of it in ${FOLDER_VARIABLE}`
  }
}
