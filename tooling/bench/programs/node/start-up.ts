// Connects, sends one message to itself, and says when it came. Parameters: dir, channel, stream.
import { AtomicBuffer } from '@x/atomic'
import { SpinningClient } from './lib/client.ts'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'

const started = Date.now()
using client = new SpinningClient()
const subscription = client.aeron.addSubscriptionSync(params.text('channel'), params.number('stream'))
const publication = client.aeron.addExclusivePublicationSync(params.text('channel'), params.number('stream'))
const buffer = AtomicBuffer.allocate(32)
client.await(() => publication.offer(buffer, 0, 32) > 0)
client.await(() => subscription.poll(() => undefined, 1) > 0)
printSample({ mainAtMs: started, messageAtMs: Date.now() })
