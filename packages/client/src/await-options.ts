/** A way to give up waiting. What the driver made in the meantime is removed. */
export interface AwaitOptions {
  readonly signal?: AbortSignal
}
