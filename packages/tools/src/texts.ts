import type { ErrorObservation } from '@x/atomic/status'

/** A time in milliseconds since the epoch, as text; `never` for what says that there is none. */
export function timeText(timestampMs: number | bigint): string {
  const date = new Date(Number(timestampMs))
  if (timestampMs < 0) return 'never'
  return Number.isNaN(date.getTime()) ? `${timestampMs} ms` : date.toISOString()
}

/** A number with its digits in groups of three. */
export function numberText(value: number | bigint): string {
  return value.toLocaleString('en-US')
}

/** Fields as `name=value`, in a line. */
export function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ')
}

/** The errors of a log, under a title. */
export function errorLines(title: string, errors: readonly ErrorObservation[]): string[] {
  const texts = errors.flatMap((error) => [
    '',
    `${error.observationCount} observations from ${timeText(error.firstObservationTimestampMs)} to ${timeText(error.lastObservationTimestampMs)}:`,
    error.encodedError.trimEnd(),
  ])
  return [`${title}: ${errors.length} distinct errors`, ...texts]
}
