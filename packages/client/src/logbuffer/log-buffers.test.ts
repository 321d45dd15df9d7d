import { expect, test } from 'vitest'
import { LocalLog } from '../../test/support/local-log.ts'
import { MTU_LENGTH_OFFSET, PAGE_SIZE_OFFSET, TERM_LENGTH_OFFSET } from './log-buffer-descriptor.ts'

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
