import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultAeronDirectory } from '@x/client'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { archiveErrorsReport, archiveReport, recordingsReport } from './archive-reports.ts'
import {
  clusterErrorsReport,
  clusterReport,
  leaderReport,
  membersReport,
  recordingLogReport,
} from './cluster-reports.ts'
import {
  backlogReport,
  type CounterFilter,
  countersReport,
  driverErrorsReport,
  driverReport,
  lossReport,
  streamsReport,
} from './driver-reports.ts'
import { type Output, type Report, writeReport } from './output.ts'

const EXAMPLES = `
Examples:
  aeron counters --watch 1 --stream '^1001$'
  aeron backlog --directory /dev/shm/aeron-work
  aeron archive recordings aeron-archive --json
  aeron cluster members aeron-cluster

Exit codes: 0 done; 1 not found, not running, not the leader; 2 wrong arguments.`

/** Clears a terminal, and goes to its upper left corner. */
const CLEAR = '\u001B[2J\u001B[H'

const STANDARD_OUTPUT: Output = {
  write: (line) => process.stdout.write(`${line}\n`),
  print: (line) => process.stderr.write(`${line}\n`),
}

type Act = (report: () => Report | Promise<Report>, everySeconds?: number) => Promise<void>

/**
 * Runs the command line. Resolves with the exit code: 0 done, 1 if what was asked for cannot be read, is not running or does not lead, 2 for wrong arguments.
 *
 * @param output takes what is printed; the standard output and the standard error by default
 * @param signal ends `--watch`, which otherwise goes on
 */
export async function run(
  argv: readonly string[],
  output: Output = STANDARD_OUTPUT,
  signal?: AbortSignal,
): Promise<number> {
  let code = 0
  const program = new Command('aeron')
  const act: Act = async (report, everySeconds) => {
    const isJson = program.opts<{ json?: boolean }>().json === true
    do {
      const found = await report()
      if (everySeconds !== undefined && !isJson) output.write(CLEAR)
      writeReport(found, isJson, output)
      code = found.code ?? 0
    } while (everySeconds !== undefined && (await isPauseOver(everySeconds, signal)))
  }
  build(program, act, output)
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    output.print(error instanceof Error ? error.message : String(error))
    return 1
  }
  return code
}

/** Waits. @returns false as soon as the signal says that this was the end */
async function isPauseOver(seconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  const options = signal === undefined ? {} : { signal }
  return sleep(seconds * 1_000, true, options).catch(() => false)
}

function build(program: Command, act: Act, output: Output): void {
  program
    .description(
      'Shows what Aeron drivers, archives and cluster members are doing, and what they left behind',
    )
    .version(versionOfPackage(), '-V, --version')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeErr: (text) => output.print(text.trimEnd()),
      writeOut: (text) => output.write(text.trimEnd()),
    })
  addCounters(program, act)
  addDriver(program, act)
  addArchive(program, act)
  addCluster(program, act)
}

interface DriverOptions {
  readonly directory?: string
  readonly watch?: number
}

function driverCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option(
      '-d, --directory <path>',
      "directory of the driver; AERON_DIR, or Aeron's default, where it is left out",
    )
}

function addCounters(program: Command, act: Act): void {
  driverCommand(program, 'counters', 'all counters of a driver')
    .option('-w, --watch <seconds>', 'print them again and again', parseSeconds)
    .option('--type <pattern>', 'only counters whose type id matches', parsePattern)
    .option('--identity <pattern>', 'only counters whose registration id matches', parsePattern)
    .option('--session <pattern>', 'only counters of streams whose session id matches', parsePattern)
    .option('--stream <pattern>', 'only counters of streams whose stream id matches', parsePattern)
    .option('--channel <pattern>', 'only counters whose channel or label matches', parsePattern)
    .action(({ directory, watch, ...filter }: DriverOptions & CounterFilter) =>
      act(() => countersReport(directory ?? defaultAeronDirectory(), filter), watch),
    )
}

function addDriver(program: Command, act: Act): void {
  const commands = [
    ['driver', 'whether a driver is running, its version and process id', driverReport],
    ['streams', 'positions and events of each stream', streamsReport],
    ['backlog', 'what has not been sent or consumed yet, for each stream', backlogReport],
    ['errors', 'errors that a driver has logged', driverErrorsReport],
    ['loss', 'loss that a driver has reported', lossReport],
  ] as const
  for (const [name, description, report] of commands) {
    driverCommand(program, name, description)
      .option('-w, --watch <seconds>', 'print it again and again', parseSeconds)
      .action(({ directory, watch }: DriverOptions) =>
        act(() => report(directory ?? defaultAeronDirectory()), watch),
      )
  }
}

function addArchive(program: Command, act: Act): void {
  const archive = program.command('archive').description('what the files of an archive say')
  const directory = ['<directory>', 'directory of the archive'] as const
  archive
    .command('describe')
    .description('process, channels and catalog')
    .argument(...directory)
    .action((path: string) => act(() => archiveReport(path)))
  archive
    .command('recordings')
    .description('the recordings')
    .argument(...directory)
    .option('--all', 'also those that are no longer valid')
    .action((path: string, { all }: { all?: boolean }) => act(() => recordingsReport(path, all === true)))
  archive
    .command('errors')
    .description('errors that the archive has logged')
    .argument(...directory)
    .action((path: string) => act(() => archiveErrorsReport(path)))
}

function addCluster(program: Command, act: Act): void {
  const cluster = program.command('cluster').description('what a member of a cluster and its files say')
  const commands = [
    ['describe', 'processes and channels of consensus module and services', clusterReport],
    ['recording-log', 'terms and snapshots', recordingLogReport],
    ['members', 'who is in the cluster', membersReport],
    ['is-leader', 'whether the member leads', leaderReport],
    ['errors', 'errors that consensus module and services have logged', clusterErrorsReport],
  ] as const
  for (const [name, description, report] of commands) {
    cluster
      .command(name)
      .description(description)
      .argument('<directory>', 'cluster directory of the member')
      .action((path: string) => act(() => report(path)))
  }
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (seconds > 0 && seconds <= 86_400) return seconds
  throw new InvalidArgumentError('It must be a number of seconds above 0 and up to 86400.')
}

function parsePattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch {
    throw new InvalidArgumentError('It must be a regular expression.')
  }
}

function versionOfPackage(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return manifest.version
}
