import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'

const HIGHEST_NS = 60_000_000_000

/** A histogram of nanoseconds, to three digits. */
export class LatencyHistogram {
  readonly #histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: HIGHEST_NS,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
    useWebAssembly: false,
  })

  /** Takes what has passed since something was to happen, in milliseconds of `performance.now()`. */
  recordMs(ms: number): void {
    this.#histogram.recordValue(Math.max(1, Math.round(ms * 1e6)))
  }

  /** As all implementations of HdrHistogram read it, in base64. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram)
  }
}
