// A client that leaves without closing anything: <aeron directory> <how>. Prints its client id and the id of its counter when it has both.
import { setTimeout as sleep } from 'node:timers/promises'
import { Aeron } from '@x/client'

const [aeronDirectory = '', how = ''] = process.argv.slice(2)
// Before it says that it is there: the signal may come right away.
if (how === 'exit at SIGTERM') process.on('SIGTERM', () => process.exit(0))
const aeron = await Aeron.connect({
  aeronDirectory,
  availableCounterHandler: (reader, _registrationId, counterId) => {
    if (how === 'exit in a callback' && reader.getCounterLabel(counterId) === 'now') process.exit(0)
  },
})
const subscription = await aeron.addSubscription('aeron:ipc?term-length=64k', 1)
const publication = await aeron.addPublication('aeron:ipc?term-length=64k', 1)
const counter = await aeron.addCounter(1_003, { label: how })
process.stdout.write(`${aeron.clientId} ${counter.id}\n`)

if (how === 'uncaught error') setTimeout(() => JSON.parse('{'), 50)
if (how === 'exit in a handler') {
  for (;;) {
    publication.offer(new Uint8Array(8))
    subscription.poll(() => process.exit(0), 10)
    await sleep(1)
  }
}
if (how === 'exit in a callback') await aeron.addCounter(1_003, { label: 'now' })
