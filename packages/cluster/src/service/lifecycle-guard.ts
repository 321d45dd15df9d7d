import { ClusterError } from '../cluster-error.ts'

/** The callbacks in which a service may not send, close sessions or set timers: none of them is driven by the log. */
export type GuardedCallback = 'onStart' | 'onTerminate' | 'onRoleChange' | 'doBackgroundWork'

/**
 * Knows which guarded callback runs, and refuses calls that would make replicas differ.
 * Source: the lifecycle callbacks of Aeron's ClusteredServiceAgent.
 */
export class LifecycleGuard {
  #active: GuardedCallback | undefined

  /** The guarded callback that runs now, if any. */
  get active(): GuardedCallback | undefined {
    return this.#active
  }

  /** Marks `callback` as running until {@link exit}; returns what ran before, to hand back to `exit`. */
  enter(callback: GuardedCallback): GuardedCallback | undefined {
    const previous = this.#active
    this.#active = callback
    return previous
  }

  /** Ends the running callback. `previous` is the answer of {@link enter}: background work may nest in another callback. */
  exit(previous: GuardedCallback | undefined): void {
    this.#active = previous
  }

  /** Throws CALL_NOT_ALLOWED when a guarded callback runs. */
  check(call: string): void {
    if (this.#active !== undefined) refuse(call, this.#active)
  }
}

function refuse(call: string, callback: GuardedCallback): never {
  throw new ClusterError(
    'CALL_NOT_ALLOWED',
    `Cannot ${call}: ${callback} is not driven by the log, so replicas would differ; call it from a session, timer, ` +
      'leadership term or snapshot callback',
    { call, callback },
  )
}
