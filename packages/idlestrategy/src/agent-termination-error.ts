/** Thrown by an agent's `doWork` to end its loop: Agrona's `AgentTerminationException`. */
export class AgentTerminationError extends Error {
  override readonly name = 'AgentTerminationError'
  /** Whether the termination is expected; if not, the error is also passed to the error handler. */
  readonly isExpected: boolean

  constructor(
    message = 'The agent has asked to end',
    options: ErrorOptions & { readonly isExpected?: boolean } = {},
  ) {
    super(message, options)
    this.isExpected = options.isExpected ?? false
  }
}
