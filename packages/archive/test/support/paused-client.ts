// A client that is paused while it has a replay and requests open, and prints how each of them ended: <aeron directory> <control channel>
// <recording> <stream>
import { setTimeout } from 'node:timers/promises'
import { AeronArchive } from '@x/archive'
import { Aeron } from '@x/client'

const [aeronDirectory = '', controlRequestChannel = '', recording = '', streamId = ''] = process.argv.slice(2)
const aeron = await Aeron.connect({ aeronDirectory, errorHandler: () => undefined })
const archive = await AeronArchive.connect({
  aeron,
  controlRequestChannel,
  controlResponseChannel: 'aeron:udp?endpoint=127.0.0.1:0',
  messageTimeoutMs: 5_000,
})
const publication = await archive.addRecordedExclusivePublication('aeron:ipc', Number(streamId))
const replay = archive.replayMessages(
  BigInt(recording),
  'aeron:udp?endpoint=127.0.0.1:0',
  Number(streamId) + 1,
)
await replay.next()
process.stdout.write(`ready ${archive.controlSessionId}\n`)

/** Tells how what `run` waits for ends: `done`, or the code of its error. */
async function report(name: string, run: () => Promise<unknown>): Promise<void> {
  let outcome = 'done'
  try {
    await run()
  } catch (error) {
    outcome = (error as { readonly code?: string }).code ?? String(error)
  }
  process.stdout.write(`${name} ${outcome}\n`)
}

const recorded = report('recorded', async () => archive.awaitRecorded(publication, 1_000_000, 60_000))
const signal = report('signal', async () => archive.awaitSignal({ correlationId: 1n }, 60_000))
// A pause shows in the clock.
for (let turnMs = 0; turnMs < 3_000;) {
  const beforeMs = Date.now()
  await setTimeout(50)
  turnMs = Date.now() - beforeMs
}
await report('request', async () => archive.getStartPosition(BigInt(recording)))
await report('replay', async () => {
  for await (const _ of replay) continue
})
await Promise.all([recorded, signal])
process.stdout.write(`connected ${archive.isConnected}\n`)
archive.close()
aeron.close()
