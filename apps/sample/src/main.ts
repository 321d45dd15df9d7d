import { parseOptions } from './options.ts'
import { runSample } from './run-sample.ts'
import { Screen } from './screen.ts'

const options = parseOptions(process.argv.slice(2))
const screen = new Screen(process.stdout)
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())

try {
  const isComplete = await runSample(options, screen, stop.signal)
  // A stream that the user ends is cut somewhere: only one with a given end can be incomplete.
  process.exitCode = isComplete || options.messages === undefined ? 0 : 1
} catch (error) {
  if (!stop.signal.aborted) {
    screen.line(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
    process.exitCode = 1
  }
} finally {
  screen.stop()
}
