/**
 * V8 hands an unhandled rejection to the host only as a copy, made at the end of an entry. Copying an error formats its
 * stack, and that calls `Error.prepareStackTrace` with the original: it is kept, weakly, so that `unhandledRejection`
 * listeners get the very object that was thrown. A program that replaces `prepareStackTrace` gets the copy.
 */
export function createReasonMemory() {
  let last: WeakRef<Error> | undefined
  const { prepareStackTrace } = Error as {
    prepareStackTrace?: (error: Error, sites: NodeJS.CallSite[]) => unknown
  }
  if (prepareStackTrace !== undefined) {
    Error.prepareStackTrace = {
      prepareStackTrace(error: Error, sites: NodeJS.CallSite[]) {
        last = new WeakRef(error)
        return prepareStackTrace(error, sites)
      },
    }.prepareStackTrace
  }
  return {
    original(reported: unknown): unknown {
      const candidate = last?.deref()
      if (candidate === undefined || !(reported instanceof Error)) return reported
      return candidate.message === reported.message && candidate.name === reported.name
        ? candidate
        : reported
    },
  }
}
