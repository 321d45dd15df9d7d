// Sends back what it gets, until the sender is gone or for some time. Parameters: dir, pingChannel, pongChannel, pingStream,
// pongStream, durationMs, idle.
import type { AtomicBuffer } from '@x/atomic'
import type { Aeron } from '@x/client'
import { params } from './lib/params.ts'
import { printSample } from './lib/print-sample.ts'
import { runAgent } from './lib/run-agent.ts'
import type { FiniteAgent } from './lib/run-agent.ts'

const FRAGMENT_LIMIT = 10
const TURNS_PER_CLOCK_READ = 256

class PongAgent implements FiniteAgent {
  readonly roleName = 'pong'
  isDone = false
  echoed = 0
  readonly #publication
  readonly #subscription
  readonly #endMs = performance.now() + params.number('durationMs')
  #turn = 0

  constructor(aeron: Aeron) {
    this.#subscription = aeron.addSubscriptionSync(params.text('pingChannel'), params.number('pingStream'))
    this.#publication = aeron.addExclusivePublicationSync(
      params.text('pongChannel'),
      params.number('pongStream'),
    )
  }

  doWork(): number {
    if (++this.#turn % TURNS_PER_CLOCK_READ === 0) this.#checkEnd()
    return this.#subscription.poll(this.#onPing, FRAGMENT_LIMIT)
  }

  #checkEnd(): void {
    // The image itself goes seconds later, where it is one of UDP.
    const isAlone = this.echoed > 0 && this.#subscription.images.every((image) => image.isEndOfStream)
    if (isAlone || performance.now() > this.#endMs) this.isDone = true
  }

  readonly #onPing = (buffer: AtomicBuffer, offset: number, length: number): void => {
    while (this.#publication.offer(buffer, offset, length) < 0) {
      if (this.#subscription.hasNoImages || !this.#publication.isConnected) return
    }
    this.echoed++
  }
}

let pong: PongAgent | undefined
await runAgent((aeron) => (pong = new PongAgent(aeron)))
printSample({ echoed: pong!.echoed })
