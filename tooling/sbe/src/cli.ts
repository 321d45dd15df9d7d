#!/usr/bin/env node
import { readFileSync, realpathSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { generate } from './generate.ts'
import { SchemaError } from './parse/schema-error.ts'
import { compareFiles, writeFiles } from './write-files.ts'

interface GenerateArguments {
  readonly out: string
  readonly numberFields?: string
  readonly runtime?: string
  readonly importExtension?: string
  readonly objects?: boolean
  readonly precedenceChecks?: boolean
  readonly boundsChecks: boolean
  readonly check?: boolean
}

/** Runs the command line. Returns the exit code: 0 done, 1 a schema or folder that is not right, 2 wrong arguments. */
export function run(argv: readonly string[], print: (line: string) => void = console.error): number {
  let code = 0
  const program = new Command('sbe-ts')
    .description('Generates TypeScript from SBE schemas')
    .exitOverride()
    .configureOutput({ writeErr: (text) => print(text.trimEnd()), writeOut: (text) => print(text.trimEnd()) })
  program
    .command('generate')
    .description('generate encoders and decoders of one schema into a folder of their own')
    .argument('<schema>', 'schema file')
    .requiredOption('--out <folder>', 'folder of the generated files')
    .option(
      '--number-fields <names>',
      '64-bit fields that become number: field or Message.field, with commas',
    )
    .option('--runtime <specifier>', 'module that the generated code imports its runtime from')
    .option('--import-extension <ending>', 'ending of the imports between generated files')
    .option('--objects', 'plain objects too: interfaces, toObject and fromObject')
    .option('--precedence-checks', 'check that fields are accessed in the order of the schema')
    .option('--no-bounds-checks', 'leave out the checks against the end of the message')
    .option('--check', 'write nothing; fail where the folder is not up to date')
    .action((schema: string, options: GenerateArguments) => {
      code = runGenerate(schema, options, print)
    })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    if (error instanceof SchemaError || isFileError(error)) {
      const advice = 'code' in error ? 'Cannot generate: ' : ''
      print(`${advice}${error.message}${advice === '' ? '' : '; correct the path'}`)
      return 1
    }
    throw error
  }
  return code
}

function runGenerate(schema: string, options: GenerateArguments, print: (line: string) => void): number {
  const files = generate(readFileSync(schema, 'utf8'), schema, {
    ...(options.numberFields === undefined
      ? {}
      : { numberFields: options.numberFields.split(',').filter(Boolean) }),
    ...(options.runtime === undefined ? {} : { runtime: options.runtime }),
    ...(options.importExtension === undefined ? {} : { importExtension: options.importExtension }),
    objects: options.objects ?? false,
    precedenceChecks: options.precedenceChecks ?? false,
    boundsChecks: options.boundsChecks,
  })
  if (options.check !== true) {
    const written = writeFiles(options.out, files)
    print(`${options.out}: ${files.length} files, ${written.length} changed`)
    return 0
  }
  const differences = compareFiles(options.out, files)
  for (const { name, kind } of differences) print(`${options.out}/${name}: ${kind}`)
  if (differences.length === 0) return 0
  print(
    `Cannot pass the check: ${differences.length} files of ${options.out} are not up to date; generate them again`,
  )
  return 1
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && ('code' in error || error.message.startsWith('Cannot write to '))
}

// As a program, and not where it is imported. A package manager starts it through a link, hence the real path.
const [, program] = process.argv
if (program !== undefined && isThisFile(program)) process.exitCode = run(process.argv.slice(2))

function isThisFile(path: string): boolean {
  try {
    return realpathSync(path) === import.meta.filename
  } catch {
    return false
  }
}
