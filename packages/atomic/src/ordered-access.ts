/*
 * How 32-bit words are read with acquire and written with release ordering: the one place that differs by the machine.
 *
 * x64 keeps loads in order with loads and stores in order with stores by itself, so there a plain access of the aligned word is enough, provided
 * that the engine leaves it where it stands. V8 does: accesses to typed arrays stay in program order and none is merged, kept in a register
 * or moved out of a loop (Node.js 20 to 26; the litmus tests of `@x/client` run these accesses between threads and processes, and fail
 * where it is not so). Other machines may reorder, so there it is `Atomics`, for which V8 calls out.
 *
 * Measured on x64, Node.js 20 / 24 / 26, ns: load 0.9 / 1.0 / 1.3 plain, 9.0 / 9.0 / 8.8 by `Atomics.load`; store 0.9 / 0.8 / 0.7 plain,
 * 12 / 12 / 12 by `Atomics.store`. A small offer makes one such load and three such stores.
 */

interface Host {
  readonly process?: { readonly arch?: string }
}

const TWO_POW_32 = 0x1_0000_0000
const PLAIN_KEEPS_ORDER: boolean = (globalThis as Host).process?.arch === 'x64'

/** Reads a word; what follows is read later. The caller has checked the index. */
export const loadAcquire: (words: Int32Array, index: number) => number = PLAIN_KEEPS_ORDER
  ? (words, index) => words[index]!
  : (words, index) => Atomics.load(words, index)

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
 * between. By `Atomics` on every machine: of two plain reads of one word in a row, an engine may make one, and on Node.js 26 the litmus test saw
 * words of two stores mixed.
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
