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

/** The script text of one builtin: a parenthesised function, so that V8 compiles its body at once, at its real positions. */
export function wrapBuiltin(
  id: string,
  source: string,
): { code: string; filename: string; columnOffset: number } {
  const head = `(function (${parametersOf(id)}) {${preludeOf(id)}`
  return { code: `${head}${source}\n})`, filename: `node:${id}`, columnOffset: -head.length }
}
