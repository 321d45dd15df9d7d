const NANOS_PER_MILLI = 1_000_000

// Waits on a word that nobody notifies: the only blocking wait that JavaScript has. Node.js allows it on the main thread too.
const word = new Int32Array(new SharedArrayBuffer(4))

// Not in Node.js 20, and not in the types yet.
const pause = (Atomics as { pause?: () => void }).pause

/** Blocks this thread for about `ns` nanoseconds; the system makes short waits longer, to about 75 microseconds. */
export function park(ns: number): void {
  Atomics.wait(word, 0, 0, ns / NANOS_PER_MILLI)
}

/** Leaves the processor to others for a moment in a spin loop: the other half of its core, and the line of memory that is looked at. */
export const spinHint: () => void = pause === undefined ? takeRoots : () => pause.call(Atomics)

const root = new Float64Array([1])

/**
 * In place of the pause instruction of later releases, and as long as it takes there: each root needs the one before, which takes 33 ns and hardly any of the
 * processor. In place of nothing it let 25 % more claims through from one process to another (Node.js 20, x64).
 */
function takeRoots(): void {
  let x = root[0]!
  x = Math.sqrt(x + 1)
  x = Math.sqrt(x + 1)
  x = Math.sqrt(x + 1)
  root[0] = Math.sqrt(x + 1)
}
