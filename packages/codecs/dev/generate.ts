import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compareFiles, generate, run, writeFiles, type GenerateOptions } from '@x/sbe-tool'

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
export const NUMBER_FIELDS: Readonly<Record<string, readonly string[]>> = {
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

/** The variants of the test schema: a folder, and how it is generated. */
const VARIANTS: readonly [folder: string, options: GenerateOptions, littleEndian: boolean][] = [
  ['test/all-types/src/gen', { numberFields: ['position', 'AllTypes.total'] }, false],
  ['test/all-types-checked/src/gen', { objects: true, precedenceChecks: true }, true],
  ['test/all-types-unchecked/src/gen', { boundsChecks: false, objects: true }, false],
]

/** Generates, or with `--check` checks, the codecs of all protocols and of the test schema. Returns the exit code. */
export function generateAll(
  extra: readonly string[],
  print: (line: string) => void = toStandardError,
): number {
  const root = fileURLToPath(new URL('..', import.meta.url))
  const codes = PROTOCOLS.map((protocol) => {
    const [schema, folder] = [`${root}schema/${protocol}.xml`, `${root}src/gen/${protocol}`]
    const numbers = NUMBER_FIELDS[protocol]
    const names = numbers === undefined ? [] : ['--number-fields', numbers.join(',')]
    const runtime = ['--runtime', '../../runtime/index.ts']
    return run(['generate', schema, '--out', folder, ...runtime, ...names, ...extra], print)
  })
  return Math.max(...codes, generateVariants(root, extra.includes('--check'), print))
}

function toStandardError(line: string): void {
  process.stderr.write(`${line}\n`)
}

function generateVariants(root: string, isCheck: boolean, print: (line: string) => void): number {
  const text = readFileSync(`${root}test/all-types/schema.xml`, 'utf8')
  let code = 0
  for (const [folder, options, littleEndian] of VARIANTS) {
    const source = littleEndian ? text.replace('bigEndian', 'littleEndian') : text
    const runtime = '../../../../src/runtime/index.ts'
    const files = generate(source, `${root}test/all-types/schema.xml`, { runtime, ...options })
    const differences = isCheck ? compareFiles(root + folder, files) : writeFiles(root + folder, files)
    if (!isCheck) print(`${root}${folder}: ${files.length} files, ${differences.length} changed`)
    else if (differences.length > 0) {
      for (const { name, kind } of differences) print(`${root}${folder}/${name}: ${kind}`)
      code = 1
    }
  }
  return code
}

if (import.meta.filename === process.argv[1]) process.exitCode = generateAll(process.argv.slice(2))
