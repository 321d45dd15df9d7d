import { Command, InvalidArgumentError } from 'commander'

/** What the command line asks for. */
export interface SampleOptions {
  /** Messages to send; undefined sends until Ctrl-C. */
  readonly messages: number | undefined
  /** Messages to send per second. */
  readonly rate: number
  /** Bytes of payload in each message, on top of its two fields. */
  readonly length: number
}

/** Longest payload. Ours: keeps a message well under the largest that the ingress term length of 64 KiB carries (8 KiB). */
const MAX_PAYLOAD_LENGTH = 4_096
const MAX_RATE = 1_000_000

function integerBetween(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (/^\d+$/.test(value) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`It must be an integer from ${least} to ${most}.`)
  }
}

/** Parses the command line; ends the process with a message for `--help` and for arguments that do not fit. */
export function parseOptions(argv: readonly string[]): SampleOptions {
  const command = new Command('sample')
    .description(
      'Starts a real single-member Aeron Cluster, runs an echo-and-timer service in it, and sends it a steady stream.',
    )
    .option(
      '-m, --messages <count>',
      'send this many messages, print a summary, and exit: 0 if each came back once and in order, 1 if not (default: send until Ctrl-C)',
      integerBetween(1, Number.MAX_SAFE_INTEGER),
    )
    .option('-r, --rate <perSecond>', 'messages to send per second', integerBetween(1, MAX_RATE), 2_000)
    .option(
      '-l, --length <bytes>',
      'bytes of payload in each message',
      integerBetween(0, MAX_PAYLOAD_LENGTH),
      32,
    )
    .allowExcessArguments(false)
    .parse(argv, { from: 'user' })
  const { messages, rate, length } = command.opts<{ messages?: number; rate: number; length: number }>()
  return { messages, rate, length }
}
