/** What each kind of failure knows, beside its message. */
export interface AeronToolingErrorContext {
  /** No usable `java` was found. */
  JAVA_MISSING: { readonly searched: string }
  /** A `java` was found, but Aeron needs a newer one. */
  JAVA_TOO_OLD: { readonly path: string; readonly version: string }
  /** No usable `mvn` was found. */
  MAVEN_MISSING: { readonly searched: string }
  /** A `mvn` was found, but the dependency plugin needs a newer one. */
  MAVEN_TOO_OLD: { readonly path: string; readonly version: string }
  /** AERON_JAR names a file that is not there. */
  JAR_MISSING: { readonly path: string }
  /** Maven could not fetch the artifact. */
  FETCH_FAILED: { readonly artifact: string }
  /** What Maven fetched is not what the checksum promises. */
  CHECKSUM_MISMATCH: { readonly artifact: string; readonly expected: string; readonly found: string }
  /** No `go` was found. */
  GO_MISSING: Readonly<Record<never, never>>
  /** Go could not build a program, or not have aeron-go; `checkout` is what AERON_GO_DIR names. */
  GO_BUILD_FAILED: { readonly checkout: string | undefined }
  /** No free port was left to reserve. */
  PORTS_EXHAUSTED: { readonly count: number }
  /** A process ended before it was asked to. */
  PROCESS_EXITED: { readonly name: string; readonly logPath: string }
  /** Something did not become true before its deadline. */
  TIMED_OUT: { readonly timeoutMs: number }
}

/** Tells the failures of this package apart. */
export type AeronToolingErrorCode = keyof AeronToolingErrorContext

/** The error of everything here that can fail for a reason outside the program. */
export class AeronToolingError<C extends AeronToolingErrorCode = AeronToolingErrorCode> extends Error {
  override readonly name = 'AeronToolingError'
  readonly code: C
  readonly context: AeronToolingErrorContext[C]

  constructor(code: C, message: string, context: AeronToolingErrorContext[C], options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.context = context
  }
}

/** True when `error` is ours and of this kind; narrows its context. */
export function isAeronToolingError<C extends AeronToolingErrorCode>(
  error: unknown,
  code: C,
): error is AeronToolingError<C> {
  return error instanceof AeronToolingError && error.code === code
}
