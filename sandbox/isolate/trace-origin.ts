/** Enough to get through Node's own frames, and those of a framework, to the program's. */
const framesLooked = 24
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
  const origin: Origin = { place: null, isOfNode: false }
  try {
    const sites = framesHere()
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
      if (!isForeign) break
    }
  } catch {
    // A program that spoils its own stacks has no origins.
  }
  return origin
}

function framesHere(): ArrayLike<unknown> {
  const previous = OwnError.prepareStackTrace
  const previousLimit = OwnError.stackTraceLimit
  try {
    OwnError.stackTraceLimit = framesLooked
    OwnError.prepareStackTrace = (_error, sites) => sites
    const holder: { stack?: ArrayLike<unknown> } = {}
    captureStackTrace(holder, originHere)
    return holder.stack ?? []
  } finally {
    OwnError.prepareStackTrace = previous
    OwnError.stackTraceLimit = previousLimit
  }
}

const begins = (text: string, start: string) => apply(startsWith, text, [start]) as boolean
