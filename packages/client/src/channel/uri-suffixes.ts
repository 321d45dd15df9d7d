const SIZE_UNITS: readonly (readonly [string, number])[] = [
  ['g', 1024 ** 3],
  ['m', 1024 ** 2],
  ['k', 1024],
]
const DURATION_UNITS_NS: readonly (readonly [string, bigint])[] = [
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
]

/**
 * Reads a number of bytes: digits, and `k`, `m` or `g` for multiples of 1024. Source: Agrona's `SystemUtil.parseSize`.
 *
 * @throws SyntaxError when it is none
 */
export function parseSize(text: string): number {
  const [, digits, suffix = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? []
  if (digits === undefined) {
    throw new SyntaxError(
      `Cannot read a size: it must be digits with an optional k, m or g, current value is "${text}"`,
    )
  }
  const unit = SIZE_UNITS.find(([name]) => name === suffix.toLowerCase())?.[1] ?? 1
  return Number(digits) * unit
}

/** Prints a number of bytes in the largest unit that is exact. Source: Agrona's `SystemUtil.formatSize`. */
export function formatSize(bytes: number): string {
  const unit = bytes === 0 ? undefined : SIZE_UNITS.find(([, length]) => bytes % length === 0)
  return unit === undefined ? String(bytes) : `${bytes / unit[1]}${unit[0]}`
}

/**
 * Reads a duration: digits, and `s`, `ms`, `us` or `ns`, which is what none means. Source: Agrona's `SystemUtil.parseDuration`.
 *
 * @throws SyntaxError when it is none
 */
export function parseDurationNs(text: string): bigint {
  const [, digits, suffix = ''] = /^(\d+)(ns|us|ms|s)?$/i.exec(text) ?? []
  if (digits === undefined) {
    throw new SyntaxError(
      `Cannot read a duration: it must be digits with an optional s, ms, us or ns, current value is "${text}"`,
    )
  }
  const unitNs = DURATION_UNITS_NS.find(([name]) => name === suffix.toLowerCase())?.[1] ?? 1n
  return BigInt(digits) * unitNs
}

/** Prints a duration in the largest unit that is exact. Source: Agrona's `SystemUtil.formatDuration`. */
export function formatDurationNs(durationNs: bigint): string {
  const [name, unitNs] = DURATION_UNITS_NS.find(([, unit]) => durationNs % unit === 0n)!
  return `${durationNs / unitNs}${name}`
}
