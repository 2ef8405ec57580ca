import type { Env } from './env.ts'

const remembered = 32

/** What isolated-vm says when an object that is no error was thrown; the object itself is gone then. */
export const lostReasonText = 'An object was thrown from supplied code within isolated-vm'

type Prepare = (error: Error, sites: NodeJS.CallSite[]) => unknown

/**
 * V8 hands an unhandled rejection to the host only as a copy, made at the end of an entry. Copying an error formats its
 * stack, and that calls `Error.prepareStackTrace` with the original: it is kept, weakly, so that `unhandledRejection`
 * listeners get the very object that was thrown. A program that replaces `prepareStackTrace` gets the copy.
 *
 * The same hook hides the frames of our own bindings, and honours Node's internal overrides, which Node's C++ would ask
 * first. Call once, when Node is booted.
 */
export function createReasonMemory(env: Env) {
  const ring: WeakRef<Error>[] = []
  let next = 0
  const { overrideStackTrace } = env.requireBuiltin('internal/errors') as unknown as {
    overrideStackTrace: WeakMap<Error, Prepare>
  }
  const { prepareStackTrace } = Error as { prepareStackTrace: Prepare }
  const isOurs = (site: NodeJS.CallSite) => {
    const name: unknown = site.getFileName()
    return typeof name === 'string' && name.startsWith('assay:')
  }
  const format = (error: Error, sites: NodeJS.CallSite[]): unknown => {
    const shown = sites.filter((site) => !isOurs(site))
    const override = overrideStackTrace.get(error)
    if (override === undefined) return prepareStackTrace(error, shown)
    overrideStackTrace.delete(error)
    return override(error, shown)
  }
  /** Only of the newest, for call sites keep receivers alive. */
  let lastSites: NodeJS.CallSite[] = []
  Error.prepareStackTrace = {
    prepareStackTrace(error: Error, sites: NodeJS.CallSite[]) {
      ring[next++ % remembered] = new WeakRef(error)
      lastSites = sites
      return format(error, sites)
    },
  }.prepareStackTrace

  return {
    /** The object behind the copy of a reason, if it is still known. */
    original(reported: unknown): unknown {
      if (!(reported instanceof Error)) return reported
      if (reported.message.startsWith(lostReasonText)) return {}
      for (let i = 1; i <= remembered; i++) {
        const candidate = ring[(next - i + remembered * 2) % remembered]?.deref()
        if (candidate === undefined || candidate.message !== reported.message) continue
        if (!isSameStack(candidate, reported)) continue
        // The copying formatted it; who changes its message from now on finds that in the stack, as before.
        if (i === 1) formatAgainWhenRead(candidate, lastSites, format)
        return candidate
      }
      return reported
    },
  }
}

function formatAgainWhenRead(
  error: Error,
  sites: NodeJS.CallSite[],
  format: (error: Error, sites: NodeJS.CallSite[]) => unknown,
): void {
  const settle = (value: unknown) => {
    Object.defineProperty(error, 'stack', {
      value,
      writable: true,
      enumerable: false,
      configurable: true,
    })
    return value
  }
  try {
    Object.defineProperty(error, 'stack', {
      get: () => settle(format(error, sites)),
      set: settle,
      enumerable: false,
      configurable: true,
    })
  } catch {
    // Frozen: it keeps the stack it has.
  }
}

/** The copy's stack is the original's with the host's own frames after it; the first line may name it differently. */
function isSameStack(candidate: Error, reported: Error): boolean {
  const frames = (stack: unknown) => String(stack).split('\n    at ').slice(1)
  const ours = frames(candidate.stack)
  const theirs = frames(reported.stack)
  return ours.every((frame, i) => frame === theirs[i])
}
