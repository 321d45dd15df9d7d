/** What went wrong is in the command or on the machine, and the message says what to do: no stack is printed. */
export class BenchError extends Error {
  override readonly name = 'BenchError'
}
