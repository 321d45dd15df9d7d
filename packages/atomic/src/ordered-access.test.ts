import { afterEach, describe, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.resetModules()
})

// What orders, real machines show: the litmus tests of @x/client. Here is only which accesses are made where.
describe.each([
  ['x64', false],
  ['arm64', true],
  [undefined, true],
])('on %s', (arch, usesAtomics) => {
  test(`single words are accessed ${usesAtomics ? 'by Atomics' : 'plainly'}`, async () => {
    vi.stubGlobal('process', { ...process, arch })
    const { loadAcquire, loadInt64Acquire, storeRelease } = await import('./ordered-access.ts')
    const load = vi.spyOn(Atomics, 'load')
    const store = vi.spyOn(Atomics, 'store')
    const words = new Int32Array(4)
    storeRelease(words, 1, -7)
    storeRelease(words, 2, -1)
    storeRelease(words, 3, 5)
    expect([loadAcquire(words, 1), loadAcquire(words, 0)]).toEqual([-7, 0])
    expect(loadInt64Acquire(words, 2)).toBe(6 * 2 ** 32 - 1)
    expect(store).toHaveBeenCalledTimes(usesAtomics ? 3 : 0)
    // The two halves of an int64 are read by Atomics everywhere.
    expect(load).toHaveBeenCalledTimes(usesAtomics ? 5 : 3)
  })
})
