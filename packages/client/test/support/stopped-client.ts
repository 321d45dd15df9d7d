// A client that prints when it publishes, and how it ended: <aeron directory> <channel>
import { Aeron, type AeronError } from '@x/client'

const [aeronDirectory = '', channel = ''] = process.argv.slice(2)
const events: string[] = []
const aeron = await Aeron.connect({
  aeronDirectory,
  errorHandler: (error) => events.push((error as AeronError).code),
  closeHandler: () => {
    events.push('closed')
    process.stdout.write(`${events.join(' ')}\n`)
  },
})
await aeron.addPublication(channel, 1)
process.stdout.write('publishing\n')
