// Offers numbered messages of many lengths on a shared publication: <aeron directory> <channel> <stream id> <producer> <count>
import { Aeron } from '@x/client'
import { setTimeout as sleep } from 'node:timers/promises'

const [aeronDirectory = '', channel = '', streamId, producer, count] = process.argv.slice(2)
const body = Buffer.alloc(4_000)
body.writeInt32LE(Number(producer), 0)

using aeron = await Aeron.connect({ aeronDirectory })
using publication = await aeron.addPublication(channel, Number(streamId))
while (!publication.isConnected) await sleep(1)
for (let i = 0; i < Number(count); i++) {
  const length = 12 + ((i * 37) % 3_000)
  body.writeInt32LE(i, 4)
  body.writeInt32LE(i, length - 4)
  for (let attempt = 0; publication.offer(body, 0, length) < 0; attempt++) if (attempt > 20) await sleep(1)
}
