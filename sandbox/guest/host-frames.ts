/** What isolated-vm puts into a stack where it goes on in the other isolate. */
const boundary = '\n    at (<isolated-vm boundary>)'

/** A stack that has left the isolate, as it was inside: without the host's own frames, which name files of the machine. */
export function withoutHostFrames(stack: string): string {
  const at = stack.indexOf(boundary)
  return at < 0 ? stack : stack.slice(0, at)
}

/**
 * Runs the isolate while errors of the host record no frames. The door catches all it can, but an overflow of the stack
 * right where the host is entered is thrown into the isolate as it is.
 */
export function recordingNoFrames<T>(run: () => T): T {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = limit
  }
}
