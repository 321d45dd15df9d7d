/** What kind of thing makes members differ. */
export type NondeterminismKind = 'clock' | 'random' | 'timer' | 'promise' | 'io'

/** The callback of a guarded service that runs now. */
export interface ActiveCallback {
  readonly name: string
  /** Told what the callback used, and where. */
  readonly onFound: (kind: NondeterminismKind, api: string, stack: string) => void
}

// One thread runs one callback at a time, whatever service it is of.
let active: ActiveCallback | undefined

/** The callback that runs now; undefined also while the container itself works within it. */
export function activeCallback(): ActiveCallback | undefined {
  return active
}

/** Sets the callback that runs; gives what ran before, to be set again at its end. */
export function enterCallback(callback: ActiveCallback | undefined): ActiveCallback | undefined {
  const previous = active
  active = callback
  return previous
}

/** Does what is not the callback's own doing, though it happens within it. */
export function outsideOfCallback<T>(work: () => T): T {
  const previous = enterCallback(undefined)
  try {
    return work()
  } finally {
    enterCallback(previous)
  }
}
