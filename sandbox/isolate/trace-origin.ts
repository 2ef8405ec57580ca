/** Enough to get through our frames and those of `setTimeout`; then through those of Node or of a framework. */
const framesLookedFirst = 12
const framesLooked = 32
const foreignFolder = '/node_modules/'
/** What stands between who sets a timer and the hook that is told of it. */
const timerFiles = [
  'node:internal/async_hooks',
  'node:internal/timers',
  'node:timers',
  'node:timers/promises',
]

const { apply } = Reflect
const { includes, slice, startsWith } = String.prototype
const OwnError = Error
const { captureStackTrace } = Error

export interface Origin {
  /** `file:line:column` of the program, in its own files rather than in a package of its; null when none is on the stack. */
  place: string | null
  /** Whether code of Node's own library set it, a server's watch over its connections for instance. */
  isOfNode: boolean
}

/** Where the code stands that runs now. Never throws, whatever the program made of errors and their stacks. */
export function originHere(): Origin {
  const first = readOrigin(framesLookedFirst)
  return first.isOwn ? first : readOrigin(framesLooked)
}

/** The same for a timer; one that Node's library sets has no place, for who set it in the end matters to nobody. */
export function originOfTimer(): Origin {
  const first = readOrigin(framesLookedFirst)
  return first.isOwn || first.isOfNode ? first : readOrigin(framesLooked)
}

/** `isOwn`: the place is the program's own, not that of a package. */
function readOrigin(limit: number): Origin & { isOwn: boolean } {
  const origin = { place: null as string | null, isOfNode: false, isOwn: false }
  try {
    const sites = framesHere(limit)
    let isSetterKnown = false
    for (let i = 0; i < sites.length; i++) {
      const site = sites[i] as NodeJS.CallSite
      const file: unknown = site.getFileName()
      if (typeof file !== 'string' || begins(file, 'assay:')) continue
      if (begins(file, 'node:')) {
        if (isSetterKnown || timerFiles.includes(file)) continue
        isSetterKnown = true
        origin.isOfNode = true
        continue
      }
      isSetterKnown = true
      const path = begins(file, 'file://') ? apply(slice, file, [7]) : file
      const isForeign = apply(includes, path, [foreignFolder]) as boolean
      if (origin.place !== null && isForeign) continue
      origin.place = `${path}:${site.getLineNumber()}:${site.getColumnNumber()}`
      origin.isOwn = !isForeign
      if (!isForeign) break
    }
  } catch {
    // A program that spoils its own stacks has no origins.
  }
  return origin
}

function framesHere(limit: number): ArrayLike<unknown> {
  const previous = OwnError.prepareStackTrace
  const previousLimit = OwnError.stackTraceLimit
  try {
    OwnError.stackTraceLimit = limit
    OwnError.prepareStackTrace = (_error, sites) => sites
    const holder: { stack?: ArrayLike<unknown> } = {}
    captureStackTrace(holder, readOrigin)
    return holder.stack ?? []
  } finally {
    OwnError.prepareStackTrace = previous
    OwnError.stackTraceLimit = previousLimit
  }
}

const begins = (text: string, start: string) => apply(startsWith, text, [start]) as boolean
