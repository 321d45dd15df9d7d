import { readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { generateFromIr } from '../generate.ts'
import { formatProblem } from '../parse/schema-error.ts'
import { schemaText } from '../parse/schema-text.ts'
import { fileName } from '../print/names.ts'
import type { PrintOptions } from '../print/print-ir.ts'
import { readIrFile } from '../read-ir.ts'
import { compareFiles, leftBeside, writeFiles } from '../write-files.ts'
import { attempt, CommandError, onFiles, type Output } from './output.ts'
import { schemaVersionOf, type SchemaVersions } from './schema-versions.ts'
import { watchFiles } from './watch-files.ts'

/** What `sbe-ts generate` was asked for, as commander gives it. */
export interface GenerateArguments {
  readonly out: string
  readonly numberFields?: string
  readonly runtime: string
  readonly importExtension: string
  readonly objects?: boolean
  readonly precedenceChecks?: boolean
  readonly boundsChecks: boolean
  readonly schemaVersion?: SchemaVersions
  readonly warningsFatal?: boolean
  readonly check?: boolean
  readonly watch?: boolean
}

/** A schema file and the folder of its code. */
interface Target {
  readonly schema: string
  readonly folder: string
}

/** Runs `sbe-ts generate`. Returns the exit code. With `--watch`, watchers keep the process alive. */
export function runGenerate(schemas: readonly string[], asked: GenerateArguments, output: Output): number {
  let code = 1
  attempt(output, () => {
    const targets = targetsOf(schemas, asked.out)
    const run = (): { failed: boolean; files: Set<string> } => {
      const files = new Set(schemas)
      const results = targets.map((target) => generateOne(target, asked, output, files))
      if (targets.length > 1) results.push(clean(targets, asked, output))
      return { failed: results.includes(false), files }
    }
    const first = run()
    code = first.failed ? 1 : 0
    if (asked.watch !== true) return
    output.print('watching; end with Ctrl-C')
    watchFiles(first.files, () => run().files)
    code = 0
  })
  return code
}

/** One schema has the folder to itself; several have one each inside it. */
function targetsOf(schemas: readonly string[], out: string): Target[] {
  const [only] = schemas
  if (schemas.length === 1 && only !== undefined) return [{ schema: only, folder: out }]
  const targets = schemas.map((schema) => ({ schema, folder: join(out, folderName(schema)) }))
  for (const [index, target] of targets.entries()) {
    const twin = targets.slice(0, index).find(({ folder }) => folder === target.folder)
    if (twin !== undefined) {
      throw new CommandError(
        `Cannot generate ${twin.schema} and ${target.schema}: both belong into ${target.folder}; generate each into a folder of its own`,
      )
    }
  }
  return targets
}

/** Name of the folder of a schema among several. */
function folderName(schema: string): string {
  const name = fileName(basename(schema).replace(/\.[^.]+$/, ''))
  if (/^\.*$/.test(name)) {
    throw new CommandError(
      `Cannot generate ${schema} among several: its name is none for a folder; rename it, or generate it alone`,
    )
  }
  return name
}

function generateOne(
  { schema, folder }: Target,
  asked: GenerateArguments,
  output: Output,
  files: Set<string>,
): boolean {
  let isDone = true
  const isRight = attempt(output, () => {
    const ir = readIrFile(schema, {
      readFile: (file) => {
        files.add(file)
        return schemaText(readFileSync(file))
      },
      schemaVersion: (id) => schemaVersionOf(asked.schemaVersion, id),
      warningsFatal: asked.warningsFatal,
      onWarning: (warning) => output.print(`warning: ${formatProblem(warning)}`),
    })
    const generated = generateFromIr(ir, schema, printOptions(asked))
    onFiles(`write to ${folder}`, () => {
      if (asked.check === true) isDone = check(folder, generated, output)
      else {
        const written = writeFiles(folder, generated)
        output.print(`${folder}: ${generated.length} files, ${written.length} changed`)
      }
    })
  })
  return isRight && isDone
}

/**
 * Removes, or tells, what an earlier run generated beside the folders of several schemas: of another schema, or of one alone.
 * Returns whether the folder is as it should be.
 */
function clean(targets: readonly Target[], asked: GenerateArguments, output: Output): boolean {
  let names: string[] = []
  const isDone = attempt(output, () =>
    onFiles(`write to ${asked.out}`, () => {
      names = leftBeside(asked.out, new Set(targets.map(({ folder }) => basename(folder))))
      for (const name of names) {
        if (asked.check !== true) rmSync(join(asked.out, name), { recursive: true })
        output.print(`${join(asked.out, name)}: ${asked.check === true ? 'left over' : 'removed'}`)
      }
    }),
  )
  return isDone && (names.length === 0 || asked.check !== true)
}

function check(folder: string, generated: Parameters<typeof compareFiles>[1], output: Output): boolean {
  const differences = compareFiles(folder, generated)
  for (const { name, kind } of differences) output.print(`${folder}/${name}: ${kind}`)
  if (differences.length === 0) return true
  output.print(
    `Cannot pass the check: ${differences.length} files of ${folder} are not up to date; generate them again`,
  )
  return false
}

function printOptions(asked: GenerateArguments): PrintOptions {
  return {
    ...(asked.numberFields === undefined
      ? {}
      : { numberFields: asked.numberFields.split(',').filter(Boolean) }),
    runtime: asked.runtime,
    importExtension: asked.importExtension,
    objects: asked.objects ?? false,
    precedenceChecks: asked.precedenceChecks ?? false,
    boundsChecks: asked.boundsChecks,
  }
}
