import { expect, test } from 'vitest'
import { formatDurationNs, formatSize, parseDurationNs, parseSize } from './uri-suffixes.ts'

test('sizes and durations are read and printed with their suffixes', () => {
  expect(['0', '64k', '64K', '1m', '2g', '1000'].map(parseSize)).toEqual([
    0, 65_536, 65_536, 1_048_576, 2_147_483_648, 1_000,
  ])
  expect([0, 65_536, 1_048_576, 1_000].map(formatSize)).toEqual(['0', '64k', '1m', '1000'])
  expect(['5', '5ns', '5us', '5MS', '5s'].map(parseDurationNs)).toEqual([
    5n,
    5n,
    5_000n,
    5_000_000n,
    5_000_000_000n,
  ])
  expect([0n, 1_500_000_000n, 2_000_000_000n, 7n].map(formatDurationNs)).toEqual([
    '0s',
    '1500ms',
    '2s',
    '7ns',
  ])
  for (const bad of ['', '-1', '1x', 'k']) {
    expect(() => parseSize(bad)).toThrow(SyntaxError)
    expect(() => parseDurationNs(bad)).toThrow(SyntaxError)
  }
})
