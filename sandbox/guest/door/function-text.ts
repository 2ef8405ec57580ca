import type { NodeFacts } from '../../runtime/facts.ts'
import { prepareScript } from './source/prepare.ts'

/**
 * The script text whose value is a function of the `import()` stand-in, and of what instrumented code calls, that gives the
 * function itself. Built so that the
 * body starts where the file starts: `headLength` is to be taken off the first line's columns. Parenthesised, so that V8
 * compiles the body at once.
 */
export function functionText(
  source: string,
  parameters: string,
  tracker: NodeFacts | null,
): { code: string; headLength: number } {
  const prepared = prepareScript(withoutHashbang(source), tracker)
  const outer = `${prepared.importName}, ${prepared.contextPattern}`
  const head = `(function (${outer}) { return (function (${parameters}) {`
  return { code: `${head}${prepared.code}\n}) })`, headLength: head.length }
}

export function withoutHashbang(source: string): string {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source
}
