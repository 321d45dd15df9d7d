/** @throws RangeError when `value` is not a finite number from 0 up */
export function checkPeriod(name: string, value: number): number {
  if (!(value >= 0 && Number.isFinite(value))) {
    throw new RangeError(
      `Cannot make an idle strategy: ${name} must be a number from 0 up, current value is ${value}`,
    )
  }
  return value
}
