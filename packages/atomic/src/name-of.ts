/**
 * The name of a value of a closed set, for a log: `nameOf(Role, cluster.role)` is `LEADER`. A value that the set does not have is
 * `UNKNOWN(9)`, and one that is absent `UNKNOWN`.
 */
export function nameOf(
  members: Readonly<Record<string, number | bigint | string>>,
  value: number | bigint | string | undefined,
): string {
  if (value === undefined) return 'UNKNOWN'
  return Object.keys(members).find((name) => members[name] === value) ?? `UNKNOWN(${value})`
}
