/** Parameters by kind of builtin, as `BuiltinLoader::LookupAndCompile` has them. */
function parametersOf(id: string): string {
  if (id === 'internal/bootstrap/realm') {
    return 'process, getLinkedBinding, getInternalBinding, primordials'
  }
  if (id.startsWith('internal/per_context/')) {
    return 'exports, primordials, privateSymbols, perIsolateSymbols'
  }
  if (id.startsWith('internal/main/') || id.startsWith('internal/bootstrap/')) {
    return 'process, require, internalBinding, primordials'
  }
  return 'exports, require, module, process, internalBinding, primordials'
}

/** fetch parses HTTP with WebAssembly, which the program's realm has not; it gets a stand-in that knows its one module. */
function preludeOf(id: string): string {
  return id === 'internal/deps/undici/undici'
    ? "'use strict'; const WebAssembly = internalBinding('assay_wasm');"
    : ''
}

/**
 * The two words of Node's library that are not its own. Between two immediates or timers of one list Node runs ticks and
 * looks for rejections; here V8 reports those only at the end of an entry, so the list ends the entry (`endEntry` throws,
 * and Node resumes a list after a throw). A resumed list whose next immediate was cleared meanwhile finds the rest through
 * the one that ran before, which therefore outlives the throw. Line numbers stay.
 */
const patches: Record<string, readonly [from: string, to: string][]> = {
  'internal/timers': [
    [
      'function getTimerCallbacks(runNextTicks) {',
      "function getTimerCallbacks() { const { endEntry: runNextTicks } = internalBinding('timers');",
    ],
    ['  function processImmediate() {', '  let prevImmediate; function processImmediate() {'],
    ['    let prevImmediate;\n', '\n'],
  ],
}

function patched(id: string, source: string): string {
  return (patches[id] ?? []).reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`${id} is not as we know it: ${from}`)
    return text.replace(from, to)
  }, source)
}

/** The script text of one builtin: a parenthesised function, so that V8 compiles its body at once, at its real positions. */
export function wrapBuiltin(
  id: string,
  source: string,
): { code: string; filename: string; columnOffset: number } {
  const head = `(function (${parametersOf(id)}) {${preludeOf(id)}`
  return {
    code: `${head}${patched(id, source)}\n})`,
    filename: `node:${id}`,
    columnOffset: -head.length,
  }
}
