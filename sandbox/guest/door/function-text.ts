import { prepareScript } from './source/prepare.ts'

/**
 * The script text whose value is a function of the `import()` stand-in that gives the function itself. Built so that the
 * body starts where the file starts: `headLength` is to be taken off the first line's columns. Parenthesised, so that V8
 * compiles the body at once.
 */
export function functionText(
  source: string,
  parameters: string,
): { code: string; headLength: number } {
  const prepared = prepareScript(withoutHashbang(source))
  const head = `(function (${prepared.importName}) { return (function (${parameters}) {`
  return { code: `${head}${prepared.code}\n}) })`, headLength: head.length }
}

export function withoutHashbang(source: string): string {
  return source.startsWith('#!') ? `//${source.slice(2)}` : source
}
