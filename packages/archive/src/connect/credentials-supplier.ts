/** Supplies the credentials of a client. The server's authenticator defines their encoding. Source: `io.aeron.security.CredentialsSupplier`. */
export interface CredentialsSupplier {
  /** Returns the credentials that are sent with the request to connect. */
  encodedCredentials(): Uint8Array
  /** Returns the response to a challenge of the server. */
  onChallenge(encodedChallenge: Uint8Array): Uint8Array
}

/** Supplies empty credentials, and responds to a challenge with empty ones. */
export const NO_CREDENTIALS: CredentialsSupplier = {
  encodedCredentials: () => new Uint8Array(0),
  onChallenge: () => new Uint8Array(0),
}
