/*
 * How 32-bit words are read with acquire and written with release ordering: the one place that differs by the machine.
 *
 * x64 keeps loads in order with loads and stores in order with stores by itself, so there a plain access of the aligned word is enough, provided that the
 * engine makes each access where it stands. V8 makes every store, in the order of the program. But of two loads of one word it may make only the first
 * (Maglev, the middle compiler of Node.js 24 and 26, and TurboFan of 26 for a `DataView`), and a load may become an operand of the comparison that
 * uses it, behind loads that follow it (TurboFan, of every release); both only where nothing is written in between. So a load here is followed by a
 * store, to a word that nobody else sees: the load stays in front of it, and no load behind it is answered by one before it. Other machines may
 * reorder, so there it is `Atomics`, for which V8 calls out: a call is such a barrier too.
 *
 * Experiment, figures, and the litmus tests that watch over it: docs/decisions/0005-plain-accesses-on-x64.md.
 *
 * Measured on x64, Node.js 20 / 24 / 26, ns: load 1.3 / 0.9 / 0.9 plain with the store, 9.0 / 9.0 / 8.8 by `Atomics.load`; store 0.9 / 0.8 / 0.7 plain,
 * 12 / 12 / 12 by `Atomics.store`. A small offer makes one such load and three such stores.
 */

interface Host {
  readonly process?: { readonly arch?: string }
}

type LoadAcquire = (words: Int32Array, index: number) => number

const TWO_POW_32 = 0x1_0000_0000
const PLAIN_KEEPS_ORDER: boolean = (globalThis as Host).process?.arch === 'x64'

/**
 * Reads a word; what follows is read later, and read anew, also this word and words that have been read before. The caller has checked the index.
 */
export const loadAcquire: LoadAcquire = PLAIN_KEEPS_ORDER
  ? plainLoad()
  : (words, index) => Atomics.load(words, index)

// The word is a constant of this function: of the module, a bundler would make it a variable, which V8 of Node.js 20 reads and checks at each load. Outside the
// heap of JavaScript its address is a part of the compiled code.
function plainLoad(): LoadAcquire {
  const barrier = new Int32Array(new ArrayBuffer(64))
  return (words, index) => {
    const value = words[index]!
    barrier[0] = 0
    return value
  }
}

/** Writes a word; what came before is seen by whoever sees it. The caller has checked the index. */
export const storeRelease: (words: Int32Array, index: number, value: number) => void = PLAIN_KEEPS_ORDER
  ? (words, index, value) => {
      words[index] = value
    }
  : (words, index, value) => {
      Atomics.store(words, index, value)
    }

/**
 * Reads the int64 whose low word is at `low` as the nearest number: the high word, the low word, and the high word again until it has not changed
 * between. By `Atomics` on every machine, because all of it rests on the second read of the high word, and no path of a message does it: plain
 * reads without a barrier between were made one by Maglev, and gave words of two stores mixed.
 */
export function loadInt64Acquire(words: Int32Array, low: number): number {
  let high = Atomics.load(words, low + 1)
  for (;;) {
    const lowWord = Atomics.load(words, low) >>> 0
    const again = Atomics.load(words, low + 1)
    if (again === high) return high * TWO_POW_32 + lowWord
    high = again
  }
}
