// Starts a media driver and a program, says what there is to leave behind, and then ends as it is told, without closing anything.
import { launchJava, launchMediaDriver, reservePorts } from '../src/index.ts'

const driver = await launchMediaDriver()
const program = await launchJava('io.aeron.samples.AeronStat', { aeronDirectory: driver.aeronDirectory })
await program.waitForOutput(/heartbeat/)
await reservePorts(1)

process.stdout.write(
  `${JSON.stringify({
    pids: [driver.pid, program.pid],
    paths: [driver.aeronDirectory, driver.runDirectory, program.logPath],
  })}\n`,
)

const mode = process.argv[2]
if (mode === 'exit') process.exit(0)
if (mode === 'throw') throw new Error('uncaught on purpose')
setInterval(() => {}, 60_000)
