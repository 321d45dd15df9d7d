/** Says who a client is, and answers a challenge. Source: `io.aeron.security.CredentialsSupplier`. */
export interface CredentialsSupplier {
  /** What goes with the request to connect. */
  encodedCredentials(): Uint8Array
  /** The answer to a challenge. */
  onChallenge(encodedChallenge: Uint8Array): Uint8Array
}

/** No credentials, and no answer to a challenge. */
export const NO_CREDENTIALS: CredentialsSupplier = {
  encodedCredentials: () => new Uint8Array(0),
  onChallenge: () => new Uint8Array(0),
}
