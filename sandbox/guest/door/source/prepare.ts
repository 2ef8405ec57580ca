import { init, parse } from 'es-module-lexer'
import type { NodeFacts } from '../../../runtime/facts.ts'
import { contextPattern, instrumentAwaits } from './async-context.ts'
import { topLevelAwaits } from './parser.ts'

await init

/** Stand for `import` where it is called, and for `import.meta`: as long, so that no column moves. Nobody's names. */
export const importStandIn = 'impor$'
export const metaStandIn = 'import$meta'

export interface PreparedScript {
  code: string
  /** Names that the code expects in scope: see `importStandIn` and `contextNames`. */
  importName: string
  contextPattern: string
}

export interface ModuleRequest {
  specifier: string
  attributes: [string, string][]
  /** 3 evaluation, 2 defer, 1 source: V8's `ModuleImportPhase`. */
  phase: number
  /** Line of the statement, from 1, and its text: for the arrow of a link error. */
  line: number
  text: string
}

export interface PreparedModule {
  code: string
  /** What goes before the code on its first line: an import of the stand-ins, or nothing. */
  head: string
  /** Null when the lexer cannot read the source. */
  requests: ModuleRequest[] | null
  hasTopLevelAwait: boolean
}

type Imports = ReturnType<typeof parse>[0]

/**
 * Rewrites what an isolate cannot do by itself in a script: `import()`, and `await` in a program that tracks its
 * asynchronous context.
 * @param tracker the facts of the pinned Node, or null when nothing tracks the context
 */
export function prepareScript(source: string, tracker: NodeFacts | null): PreparedScript {
  const calls = /\bimport\b/.test(source) ? (lex(source) ?? []) : []
  const { code } = withStandIns(
    source,
    calls.filter(({ type }) => type === 'dynamic'),
  )
  return {
    code: tracker === null ? code : instrumentAwaits(code, 'script', tracker),
    importName: importStandIn,
    contextPattern,
  }
}

/** The same for a module, with `import.meta` and the list of what it requests. */
export function prepareModule(
  source: string,
  ownSlots: string,
  facts: NodeFacts,
  isTracking: boolean,
): PreparedModule {
  const imports = /\b(?:import|export)\b/.test(source) ? lex(source) : []
  const isAsync = /\bawait\b/.test(source) && topLevelAwaits(source, facts).length > 0
  if (imports === null) return { code: source, head: '', requests: null, hasTopLevelAwait: isAsync }
  const { code, names } = withStandIns(source, imports)
  const instrumented = isTracking ? instrumentAwaits(code, 'module', facts) : code
  const heads = [
    names.length === 0 ? '' : `import { ${names.join(', ')} } from ${JSON.stringify(ownSlots)};`,
    instrumented === code
      ? ''
      : `import { ctx$ } from ${JSON.stringify(ownSlots)}; const ${contextPattern} = ctx$;`,
  ]
  return {
    code: instrumented,
    head: heads.join(''),
    requests: requestsOf(source, imports),
    hasTopLevelAwait: isAsync,
  }
}

function lex(source: string): Imports | null {
  try {
    return parse(source)[0]
  } catch {
    return null
  }
}

function withStandIns(source: string, imports: Imports): { code: string; names: string[] } {
  let code = ''
  let at = 0
  const names = new Set<string>()
  for (const entry of [...imports].sort((a, b) => a.importStart - b.importStart)) {
    if (entry.type !== 'dynamic' && entry.type !== 'import-meta') continue
    const name = entry.type === 'dynamic' ? importStandIn : metaStandIn
    const length = entry.type === 'dynamic' ? 'import'.length : entry.importEnd - entry.importStart
    names.add(name)
    code += source.slice(at, entry.importStart) + name.padEnd(length)
    at = entry.importStart + length
  }
  return { code: code + source.slice(at), names: [...names].sort() }
}

const phases: Record<string, number> = { source: 1, defer: 2 }

function requestsOf(source: string, imports: Imports): ModuleRequest[] {
  const requests: ModuleRequest[] = []
  const seen = new Set<string>()
  for (const entry of imports) {
    if (entry.type !== 'static' && entry.type !== 'reexport-star') continue
    const attributes = (entry.attributes ?? []).map(([key, value]): [string, string] => [
      key,
      value,
    ])
    const key = JSON.stringify([entry.specifier, attributes, entry.phase])
    if (seen.has(key)) continue
    seen.add(key)
    requests.push({
      specifier: entry.specifier,
      attributes,
      phase: phases[entry.phase ?? ''] ?? 3,
      line: source.slice(0, entry.importStart).split('\n').length,
      text: source.slice(entry.importStart, entry.importEnd),
    })
  }
  return requests
}
