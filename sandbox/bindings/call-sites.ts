/** One frame of a stack, as `util.getCallSites` shows it. */
export interface CallSiteRecord {
  functionName: string
  scriptId: string
  scriptName: string
  lineNumber: number
  columnNumber: number
  column: number
}

/** Runs `read` while stacks come out as V8's own call site objects. */
function withStructuredStacks<T>(limit: number | undefined, read: () => T): T {
  const previous = Error.prepareStackTrace
  const previousLimit = Error.stackTraceLimit
  try {
    if (limit !== undefined) Error.stackTraceLimit = limit
    Error.prepareStackTrace = (_error, sites) => sites
    return read()
  } finally {
    Error.prepareStackTrace = previous
    Error.stackTraceLimit = previousLimit
  }
}

/** Frames of `readCallSites`, of the binding's function and of the function in Node's library that calls it. */
const ownFrames = 3

/** Up to `count` frames from the caller of the library function that asks. */
export function readCallSites(count: number): CallSiteRecord[] {
  const holder: { stack?: NodeJS.CallSite[] } = {}
  const sites = withStructuredStacks(count + ownFrames, () => {
    Error.captureStackTrace(holder, withStructuredStacks)
    return holder.stack ?? []
  })
  return sites.slice(ownFrames, count + ownFrames).map((site) => ({
    functionName: site.getFunctionName() ?? '',
    scriptId: '0',
    scriptName: site.getFileName() ?? '',
    lineNumber: site.getLineNumber() ?? 0,
    columnNumber: site.getColumnNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
  }))
}

export interface SourcePosition {
  sourceLine: string | undefined
  scriptResourceName: string
  lineNumber: number
  startColumn: number
}

/**
 * Where an error was made, from its captured stack.
 * @param readSource text of a script by its name, undefined if it has none
 */
export function sourcePositionOf(
  error: Error,
  readSource: (scriptName: string) => string | undefined,
): SourcePosition {
  const sites = withStructuredStacks(undefined, () => error.stack as unknown)
  const site = Array.isArray(sites) ? (sites[0] as NodeJS.CallSite | undefined) : undefined
  const scriptName = site?.getFileName() ?? ''
  const line = site?.getLineNumber() ?? 0
  return {
    sourceLine: scriptName === '' ? undefined : readSource(scriptName)?.split('\n')[line - 1],
    scriptResourceName: scriptName,
    lineNumber: line,
    startColumn: (site?.getColumnNumber() ?? 1) - 1,
  }
}
