/** The transmitter has overtaken a receiver, and messages are lost for it. */
export class BroadcastLappedError extends Error {
  override readonly name = 'BroadcastLappedError'
  readonly code = 'BROADCAST_LAPPED'

  constructor() {
    super(
      'Cannot receive broadcast messages: the transmitter has overtaken this receiver and messages are lost; receive more often',
    )
  }
}
