/** Prints what was measured, for the process that compares. */
export function printSample(
  values: Readonly<Record<string, number>>,
  histograms: Readonly<Record<string, string>> = {},
): void {
  console.log(JSON.stringify({ values, histograms }))
}
