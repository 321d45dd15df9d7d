const NANOS_PER_MILLI = 1_000_000

// Waits on a word that nobody notifies: the only blocking wait that JavaScript has. Node.js allows it on the main thread too.
const word = new Int32Array(new SharedArrayBuffer(4))

// Not in Node.js 20, and not in the types yet.
const pause = (Atomics as { pause?: () => void }).pause

/** Blocks this thread for about `ns` nanoseconds; the system makes short waits longer, to about 75 microseconds. */
export function park(ns: number): void {
  Atomics.wait(word, 0, 0, ns / NANOS_PER_MILLI)
}

/** Tells the processor that this is a spin loop, where the runtime can. */
export const spinHint: () => void = pause === undefined ? () => {} : () => pause.call(Atomics)
