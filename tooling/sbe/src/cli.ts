import { readFileSync } from 'node:fs'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { FORMATS, runDecode, type DecodeArguments } from './cli/decode-command.ts'
import { runGenerate, type GenerateArguments } from './cli/generate-command.ts'
import { runIr, type IrArguments } from './cli/ir-command.ts'
import type { Output } from './cli/output.ts'
import { parseSchemaVersions } from './cli/schema-versions.ts'
import { runValidate, type ValidateArguments } from './cli/validate-command.ts'

const EXAMPLES = `
Examples:
  sbe-ts generate schema.xml --out src/gen
  sbe-ts generate trades.xml quotes.xml --out src/gen --check
  sbe-ts validate schema.xml
  sbe-ts decode schema.xml message.bin
  xxd -p message.bin | sbe-ts decode schema.xml --hex --format text

Exit codes: 0 done; 1 a schema, a message or a folder is not right; 2 wrong arguments.`

/**
 * Runs the command line. Returns the exit code: 0 done, 1 a schema, message or folder that is not right, 2 wrong arguments.
 *
 * @param print takes what happened, line by line: the standard error by default
 * @param write takes what was asked for, line by line: the standard output by default
 */
export function run(
  argv: readonly string[],
  print: (line: string) => void = console.error,
  write: (line: string) => void = console.log,
): number {
  const output: Output = { print, write }
  let code = 0
  const program = programOf(output, (result) => {
    code = result
  })
  try {
    program.parse(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    throw error
  }
  return code
}

function programOf(output: Output, end: (code: number) => void): Command {
  const program = new Command('sbe-ts')
    .description('Generates TypeScript from SBE schemas, checks schemas, and decodes messages')
    .version(versionOfPackage(), '-V, --version')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeErr: (text) => output.print(text.trimEnd()),
      writeOut: (text) => output.write(text.trimEnd()),
    })
  addGenerate(program, output, end)
  program
    .command('validate')
    .description('check schemas, and tell every error and warning with its line')
    .argument('<schema...>', 'schema files: XML, or .sbeir')
    .option('--warnings-fatal', 'fail on warnings too')
    .action((schemas: string[], asked: ValidateArguments) => end(runValidate(schemas, asked, output)))
  program
    .command('decode')
    .description('print the messages of a file, which stand one behind the other with their headers')
    .argument('<schema>', 'schema file: XML, or .sbeir')
    .argument('[file]', 'file of the messages; the standard input where it is left out or -')
    .option('--hex', 'the file has hexadecimal digits')
    .addOption(new Option('--base64', 'the file is in base64').conflicts('hex'))
    .addOption(
      new Option('--format <format>', 'lines: a line of JSON for each message')
        .choices(FORMATS)
        .default('json'),
    )
    .option('--offset <bytes>', 'where the first message begins', parseOffset, 0)
    .action((schema: string, file: string | undefined, asked: DecodeArguments) =>
      end(runDecode(schema, file, asked, output)),
    )
  program
    .command('ir')
    .description("write the IR file of a schema, as SBE's own tool does")
    .argument('<schema>', 'schema file: XML, or .sbeir')
    .requiredOption('--out <file>', 'the .sbeir file', parsePath)
    .option('--schema-version <version>', 'leave out what came after this version', parseSchemaVersions)
    .action((schema: string, asked: IrArguments) => end(runIr(schema, asked, output)))
  return program
}

function parsePath(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give a path.')
  return text
}

function parseOffset(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a number of bytes.')
  return Number(text)
}

/** The sources and what is built of them are one folder below the package. */
function versionOfPackage(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function addGenerate(program: Command, output: Output, end: (code: number) => void): void {
  program
    .command('generate')
    .description('generate encoders and decoders into a folder of their own')
    .argument('<schema...>', 'schema files: XML, or .sbeir; each of several gets a folder of its name')
    .requiredOption('--out <folder>', 'folder of the generated files, and of nothing else', parsePath)
    .option(
      '--number-fields <names>',
      '64-bit fields that become number: field or Message.field, with commas',
    )
    .option(
      '--runtime <specifier>',
      'module that the generated code imports its runtime from',
      '@x/codecs/runtime',
    )
    .option(
      '--import-extension <ending>',
      'ending of the imports between generated files: .ts, .js or none',
      '.ts',
    )
    .option('--objects', 'plain objects too: interfaces, toObject and fromObject')
    .option('--precedence-checks', 'check that fields are accessed in the order of the schema')
    .option('--no-bounds-checks', 'leave out the checks against the end of the message')
    .option(
      '--schema-version <version>',
      'leave out what came after this version; 101:3,*:5 for several schemas',
      parseSchemaVersions,
    )
    .option('--warnings-fatal', 'fail on warnings too')
    .option('--check', 'write nothing; fail where the folder is not up to date')
    .addOption(
      new Option('--watch', 'generate again when a schema, or what it includes, changes').conflicts('check'),
    )
    .action((schemas: string[], asked: GenerateArguments) => end(runGenerate(schemas, asked, output)))
}
