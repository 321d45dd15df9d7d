const word = new Int32Array(1)

/**
 * A full fence: no access before it, plain ones included, is seen after one that follows it.
 *
 * `Atomics.store` alone lets later plain accesses overtake it on arm64, and `Atomics.load` lets earlier ones fall behind it. A store followed
 * by a load, both sequentially consistent, does neither. Needed between an announcement and the plain stores it announces (a negative length,
 * a tail intent), and between plain loads and the check that they were valid. About 12 ns on x64: keep it off the hot path where a release store
 * of the last word is enough.
 */
export function fullFence(): void {
  Atomics.store(word, 0, 0)
  Atomics.load(word, 0)
}
