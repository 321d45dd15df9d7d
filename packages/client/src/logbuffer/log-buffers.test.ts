import { AtomicBuffer } from '@x/atomic'
import { MappedFile } from '@x/mmap'
import { describe, expect, test, vi } from 'vitest'
import { LocalLog } from '../../test/support/local-log.ts'
import { BufferClaim } from './buffer-claim.ts'
import { MTU_LENGTH_OFFSET, PAGE_SIZE_OFFSET, TERM_LENGTH_OFFSET } from './log-buffer-descriptor.ts'
import type { LogBuffers } from './log-buffers.ts'

test.each([
  ['MTU length', MTU_LENGTH_OFFSET, [0, -32, 32, 100, 65_536, 0x7fff_ffe0, -0x8000_0000]],
  ['term length', TERM_LENGTH_OFFSET, [0, -1, 65_535, 100_000, -0x8000_0000]],
  ['page size', PAGE_SIZE_OFFSET, [0, 4_095, -4_096]],
])('a log with an impossible %s is refused when it is mapped', (name, offset, values) => {
  using log = new LocalLog()
  for (const value of values) {
    log.file.metadata.putInt32(offset, value)
    expect(() => log.map()).toThrow(RangeError)
    expect(() => log.map()).toThrow(
      new RegExp(`Cannot use the log: ${name} must be .*current value is ${value}$`),
    )
  }
})

test.each([64, 1_408, 65_504])('a log with an MTU length of %i is taken', (mtuLength) => {
  using log = new LocalLog({ mtuLength })
  expect(log.map().mtuLength).toBe(mtuLength)
})

/** An unmapped log reads as zeros. */
const isMapped = (log: LogBuffers): boolean => log.metadata.getInt32(TERM_LENGTH_OFFSET) !== 0

const claimIn = (log: LogBuffers | undefined, claim = new BufferClaim()): BufferClaim => {
  claim.wrap(log, log?.terms[0] ?? AtomicBuffer.allocate(64), 0, 4)
  return claim
}

describe('a log that is closed', () => {
  test('is unmapped at once when its claims are settled', () => {
    using log = new LocalLog()
    const logBuffers = log.map()
    claimIn(logBuffers).commit()
    logBuffers.close()
    expect(isMapped(logBuffers)).toBe(false)
  })

  test('can be closed again when the system refused', () => {
    using log = new LocalLog()
    const logBuffers = log.map()
    vi.spyOn(MappedFile.prototype, 'close').mockImplementationOnce(() => {
      throw new Error('no memory')
    })
    expect(() => logBuffers.close()).toThrow('no memory')
    expect(isMapped(logBuffers)).toBe(true)
    logBuffers.close()
    expect(isMapped(logBuffers)).toBe(false)
  })

  test('is unmapped when the last of its claims is committed, aborted, or used elsewhere', () => {
    using log = new LocalLog()
    const logBuffers = log.map()
    const [first, second, third] = [claimIn(logBuffers), claimIn(logBuffers), claimIn(logBuffers)]
    claimIn(logBuffers, claimIn(logBuffers)).commit()
    logBuffers.close()
    first!.commit()
    second!.abort()
    first!.commit()
    expect(isMapped(logBuffers)).toBe(true)
    claimIn(undefined, third)
    expect(isMapped(logBuffers)).toBe(false)
    third!.commit()
    logBuffers.close()
  })

  test('waits for an open claim among any number of settled ones, and for one that was forgotten and used again', () => {
    using log = new LocalLog()
    const logBuffers = log.map()
    const open = claimIn(logBuffers)
    const again = claimIn(logBuffers)
    again.commit()
    for (let i = 0; i < 1_000; i++) claimIn(logBuffers).commit()
    claimIn(logBuffers, again)
    logBuffers.close()
    open.commit()
    expect(isMapped(logBuffers)).toBe(true)
    again.commit()
    expect(isMapped(logBuffers)).toBe(false)
  })

  test('does not keep claims that are settled: one for each message is no leak', () => {
    using log = new LocalLog()
    const logBuffers = log.map()
    const held = Array.from({ length: 100 }, () => claimIn(logBuffers))
    const claims = Array.from({ length: 10_000 }, () => {
      const claim = claimIn(logBuffers)
      claim.commit()
      return claim
    })
    const forget = vi.spyOn(logBuffers, 'forget')
    for (const claim of claims) claimIn(undefined, claim)
    // Those that the log still knows tell it that they leave.
    expect(forget.mock.calls.length).toBeLessThan(250)
    for (const claim of held) claim.commit()
  })
})
