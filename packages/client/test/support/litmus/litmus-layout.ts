/** Where agents count themselves in before each case. */
export const BARRIER_OFFSET = 0

/** Where an agent leaves how many violations it has seen in a case. */
export function violationsOffset(index: number, role: number): number {
  return 128 + index * 8 + role * 4
}
