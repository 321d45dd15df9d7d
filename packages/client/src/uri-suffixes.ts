const DURATION_UNITS_NS: readonly (readonly [string, bigint])[] = [
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
]

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
