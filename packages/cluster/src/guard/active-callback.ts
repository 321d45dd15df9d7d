/** Kinds of what makes members diverge. */
export type NondeterminismKind = 'clock' | 'random' | 'timer' | 'promise' | 'io'

/** The running callback of a guarded service. */
export interface ActiveCallback {
  readonly name: string
  /** Called when the callback uses something that may differ between members, with a stack trace of the use. */
  readonly onFound: (kind: NondeterminismKind, api: string, stack: string) => void
}

// A thread runs one callback at a time, also if it has several services.
let active: ActiveCallback | undefined

/** The running callback; undefined if there is none, or if it has called the container. */
export function activeCallback(): ActiveCallback | undefined {
  return active
}

/** Sets the running callback. @returns the previous one, which must be set again at its end */
export function enterCallback(callback: ActiveCallback | undefined): ActiveCallback | undefined {
  const previous = active
  active = callback
  return previous
}

/** Runs code of the container, or callbacks that are not watched, within a callback. */
export function outsideOfCallback<T>(work: () => T): T {
  const previous = enterCallback(undefined)
  try {
    return work()
  } finally {
    enterCallback(previous)
  }
}
