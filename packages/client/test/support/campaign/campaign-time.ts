/** How long a campaign is to take, in minutes: CAMPAIGN_MINUTES, or 2. */
export function campaignMinutes(): number {
  return Number(process.env['CAMPAIGN_MINUTES'] ?? 2)
}

/** Prints a figure. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
