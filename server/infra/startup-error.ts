/** Why the server did not start, in words for the person at the terminal. Shown without a stack trace. */
export class StartupError extends Error {
  override name = 'StartupError'
}
