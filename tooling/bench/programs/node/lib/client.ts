import { Aeron } from '@x/client'
import { params } from './params.ts'

/** A client of a process that polls in a loop of its own, which drives the conductor too. */
export class SpinningClient implements Disposable {
  readonly aeron: Aeron = Aeron.connectSync({
    aeronDirectory: params.text('dir'),
    useConductorAgentInvoker: true,
  })
  readonly #invoker = this.aeron.conductorAgentInvoker!

  /** Gives the conductor its turn; throws when the client has been ended. */
  invoke(): void {
    this.#invoker.invoke()
    if (this.aeron.closeCause !== undefined) throw this.aeron.closeCause
  }

  /** Spins until something is the case. */
  await(condition: () => boolean): void {
    while (!condition()) this.invoke()
  }

  /** Spins until there is something. */
  get<T>(probe: () => T | undefined): T {
    for (;;) {
      const found = probe()
      if (found !== undefined) return found
      this.invoke()
    }
  }

  [Symbol.dispose](): void {
    this.aeron.close()
  }
}
