import { fileURLToPath } from 'node:url'
import { run } from '@x/sbe-tool'

/** The protocols, each with a schema and a folder of this name. */
export const PROTOCOLS: readonly string[] = [
  'archive',
  'archive-mark',
  'cluster',
  'cluster-mark',
  'node-state',
]

/**
 * Positions, which are exact as numbers. Not JoinLog.maxLogPosition, nor the length of a replay: they may be the largest
 * int64.
 * A name is given to the protocols that have a field of it.
 */
const NUMBER_FIELDS: Readonly<Record<string, readonly string[]>> = {
  archive: ['newStartPosition', 'position', 'startPosition', 'stopPosition'],
  cluster: [
    'commitPosition',
    'lastTermBaseLogPosition',
    'logPosition',
    'logTermBaseLogPosition',
    'nextLogPosition',
    'nextTermBaseLogPosition',
    'openedLogPosition',
    'termBaseLogPosition',
  ],
  'node-state': ['logPosition'],
}

/** Generates, or with `--check` checks, the codecs of all protocols and of the test schema. Returns the exit code. */
export function generateAll(extra: readonly string[], print?: (line: string) => void): number {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const one = (schema: string, folder: string, runtime: string, numbers: readonly string[] = []): number => {
    const names = numbers.length > 0 ? ['--number-fields', numbers.join(',')] : []
    const argv = ['generate', root + schema, '--out', root + folder, '--runtime', runtime, ...names, ...extra]
    return run(argv, print)
  }
  const codes = PROTOCOLS.map((protocol) =>
    one(`schema/${protocol}.xml`, `src/gen/${protocol}`, '../../runtime/index.ts', NUMBER_FIELDS[protocol]),
  )
  const runtime = '../../../../src/runtime/index.ts'
  codes.push(
    one('test/all-types/schema.xml', 'test/all-types/src/gen', runtime, ['position', 'AllTypes.total']),
  )
  return Math.max(...codes)
}

if (import.meta.filename === process.argv[1]) process.exitCode = generateAll(process.argv.slice(2))
