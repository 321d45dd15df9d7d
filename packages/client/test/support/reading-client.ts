// A subscriber that polls for as long as it lives: <aeron directory> <channel> <stream id>
import { Aeron } from '@x/client'
import { setTimeout as sleep } from 'node:timers/promises'

const [aeronDirectory = '', channel = '', streamId] = process.argv.slice(2)
const aeron = await Aeron.connect({ aeronDirectory })
const subscription = await aeron.addSubscription(channel, Number(streamId))
while (!aeron.isClosed) {
  subscription.poll(() => {}, 10)
  await sleep(1)
}
